package io.jbuild.builder.stage;

import java.util.List;
import java.util.stream.Collectors;

/** Go's {@code %q}, with which Docker's tools write words into the history. */
final class GoQuote {
  private GoQuote() {}

  /** {@code ["sh" "-c" "true"]}. */
  static String list(List<String> words) {
    return words.stream().map(GoQuote::text).collect(Collectors.joining(" ", "[", "]"));
  }

  static String text(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> append(quoted, c, '"'));
    return quoted.append('"').toString();
  }

  /** The character of a number; one that there is none for is the replacement character. */
  static String character(int number) {
    StringBuilder quoted = new StringBuilder("'");
    boolean surrogate = number >= Character.MIN_SURROGATE && number <= Character.MAX_SURROGATE;
    append(quoted, Character.isValidCodePoint(number) && !surrogate ? number : 0xfffd, '\'');
    return quoted.append('\'').toString();
  }

  private static void append(StringBuilder to, int c, char quote) {
    if (c == quote || c == '\\') {
      to.append('\\').appendCodePoint(c);
    } else if (c >= 7 && c <= 13) {
      to.append('\\').append("abtnvfr".charAt(c - 7));
    } else if (c == ' ' || isPrintable(c)) {
      to.appendCodePoint(c);
    } else if (c < ' ' || c == 0x7f) {
      to.append(String.format("\\x%02x", c));
    } else {
      to.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
    }
  }

  /** Letters, marks, numbers, punctuation and symbols; no blank but the ASCII one. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
