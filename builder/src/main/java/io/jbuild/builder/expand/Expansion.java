package io.jbuild.builder.expand;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** What the words of one instruction, or all variables, may have: more than a kernel takes. */
  private static final int MAX_TOGETHER = 4 * 1024 * 1024;

  private final Map<String, String> environment;
  private final char escape;
  private final boolean tooMuchKnown;
  private final long[] written;
  private final SortedSet<String> used = new TreeSet<>();
  private final SortedSet<String> undefined = new TreeSet<>();

  /**
   * @param escape the character of the {@code # escape=} directive
   */
  public Expansion(Map<String, String> environment, char escape) {
    this(Map.copyOf(environment), escape, isTooMuch(environment), new long[1]);
  }

  private Expansion(
      Map<String, String> environment, char escape, boolean tooMuchKnown, long[] written) {
    this.environment = environment;
    this.escape = escape;
    this.tooMuchKnown = tooMuchKnown;
    this.written = written;
  }

  private static boolean isTooMuch(Map<String, String> environment) {
    long size = 0;
    for (String value : environment.values()) {
      size += value.length();
    }
    return size > MAX_TOGETHER;
  }

  /** For the next word of the same instruction; it remembers variables of its own. */
  public Expansion next() {
    return new Expansion(environment, escape, tooMuchKnown, written);
  }

  /** One word in, one word out: variables replaced, quotes and escapes removed, blanks kept. */
  public String word(String word) throws ExpansionException {
    return one(word).word();
  }

  /** As {@link #word}, then split at blanks that were neither quoted nor escaped. */
  public List<String> words(String word) throws ExpansionException {
    return one(word).words();
  }

  /** The text of a here-document: variables and escapes, while quotes are ordinary characters. */
  public String content(String text) throws ExpansionException {
    // Here-documents have always used the backslash, whatever the escape directive says.
    return new Lexer(text, '\\', LexMode.CONTENT, variables(), MAX_CONTENT).process().word();
  }

  private WordBuilder.Result one(String word) throws ExpansionException {
    check(tooMuchKnown, "all variables together have");
    WordBuilder.Result result =
        new Lexer(word, escape, LexMode.WORD, variables(), MAX_WORD).process();
    written[0] += result.word().length();
    check(written[0] > MAX_TOGETHER, "the instruction has");
    return result;
  }

  private static void check(boolean tooMuch, String what) throws ExpansionException {
    if (tooMuch) {
      throw new ExpansionException(
          what + " more than 4 MiB of text after expansion", Optional.of("a file may be longer"));
    }
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
