package io.jbuild.builder.source;

/** What separates words: Go's idea of white space, which is not Java's. */
public final class Blanks {
  private Blanks() {}

  /** A Unicode white space, as Go's {@code unicode.IsSpace}. */
  public static boolean isSpace(int c) {
    return c == ' '
        || (c >= '\t' && c <= '\r')
        || c == 0x85
        || c == 0xA0
        || (c > 0xFF && Character.isSpaceChar(c));
  }

  /** What a keyword or a plain word ends at: never a newline, never a Unicode space. */
  public static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == 0x0B || c == '\f' || c == '\r';
  }

  public static int skip(String text, int from) {
    int at = from;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  public static String trim(String text) {
    int start = skip(text, 0);
    int end = text.length();
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  public static String trimLeft(String text) {
    return text.substring(skip(text, 0));
  }
}
