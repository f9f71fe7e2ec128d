package io.jbuild.builder.parse;

import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.expand.Words;
import io.jbuild.builder.source.Blanks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The word that opens a here-document: {@code [digits]<<[-]name}.
 *
 * @param name without quotes
 * @param expand false when a part of the name was quoted
 */
public record HeredocWord(String name, boolean expand, boolean stripTabs, int descriptor) {

  private static final int MAX_DESCRIPTOR_DIGITS = 9;

  /** Empty for any other word. */
  public static Optional<HeredocWord> parse(String word) {
    int digits = 0;
    while (digits < word.length() && word.charAt(digits) >= '0' && word.charAt(digits) <= '9') {
      digits++;
    }
    if (digits > MAX_DESCRIPTOR_DIGITS || !word.startsWith("<<", digits)) {
      return Optional.empty();
    }
    boolean strip = word.startsWith("-", digits + 2);
    String rest = Blanks.trimLeft(word.substring(digits + (strip ? 3 : 2)));
    if (rest.isEmpty() || rest.indexOf('<') >= 0) {
      return Optional.empty();
    }
    int descriptor = digits == 0 ? 0 : Integer.parseInt(word.substring(0, digits));
    return name(rest)
        .map(name -> new HeredocWord(name, quotes(name) == quotes(rest), strip, descriptor));
  }

  private static Optional<String> name(String rest) {
    try {
      List<String> words = Words.unquoted(rest);
      return words.size() == 1 ? Optional.of(words.get(0)) : Optional.empty();
    } catch (ExpansionException e) {
      return Optional.empty();
    }
  }

  private static long quotes(String text) {
    return text.chars().filter(c -> c == '"' || c == '\'').count();
  }

  /** Those of a line, in order; none in a line whose quotes do not match. */
  static List<HeredocWord> findAll(String line) {
    List<HeredocWord> found = new ArrayList<>();
    if (!line.contains("<<")) {
      return found;
    }
    try {
      for (String word : Words.verbatim(line)) {
        parse(word).ifPresent(found::add);
      }
    } catch (ExpansionException e) {
      // An apostrophe in a shell command: the shell will see to it.
      found.clear();
    }
    return found;
  }

  Heredoc with(String text) {
    return new Heredoc(name, expand, stripTabs, descriptor, text);
  }
}
