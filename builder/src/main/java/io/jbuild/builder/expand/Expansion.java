package io.jbuild.builder.expand;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Expands the words of one instruction and remembers which variables they named.
 *
 * <p>Not for several threads at once.
 */
public final class Expansion {
  /** More than the kernel takes as one argument or variable (128 KiB). */
  private static final int MAX_WORD = 256 * 1024;

  /** A here-document becomes a file, which may be larger than a word. */
  private static final int MAX_CONTENT = 16 * 1024 * 1024;

  private final Map<String, String> environment;
  private final char escape;
  private final SortedSet<String> used = new TreeSet<>();
  private final SortedSet<String> undefined = new TreeSet<>();

  /**
   * @param escape the character of the {@code # escape=} directive
   */
  public Expansion(Map<String, String> environment, char escape) {
    this.environment = Map.copyOf(environment);
    this.escape = escape;
  }

  /** One word in, one word out: variables replaced, quotes and escapes removed, blanks kept. */
  public String word(String word) throws ExpansionException {
    return lexer(word, LexMode.WORD, MAX_WORD).process().word();
  }

  /** As {@link #word}, then split at blanks that were neither quoted nor escaped. */
  public List<String> words(String word) throws ExpansionException {
    return lexer(word, LexMode.WORD, MAX_WORD).process().words();
  }

  /** The text of a here-document: variables and escapes, while quotes are ordinary characters. */
  public String content(String text) throws ExpansionException {
    // Here-documents have always used the backslash, whatever the escape directive says.
    return new Lexer(text, '\\', LexMode.CONTENT, variables(), MAX_CONTENT).process().word();
  }

  private Lexer lexer(String word, LexMode mode, int limit) {
    return new Lexer(word, escape, mode, variables(), limit);
  }

  private Variables variables() {
    return new Variables(environment, used, undefined);
  }

  /** Variables that were named and are set. */
  public SortedSet<String> used() {
    return Collections.unmodifiableSortedSet(used);
  }

  /** Variables that were named and are not set, and so became nothing. */
  public SortedSet<String> undefined() {
    return Collections.unmodifiableSortedSet(undefined);
  }
}
