package io.jbuild.oci.text;

/** Makes text from outside fit for a message: one line, no control characters, bounded length. */
public final class Printable {
  /** Longest message of ours about foreign text; registries have sent megabytes of digits. */
  public static final int MAX_MESSAGE = 1000;

  private static final int MAX_QUOTED = 160;

  private Printable() {}

  /** The text in double quotes, escaped, shortened to about 160 characters. */
  public static String quote(String text) {
    return '"' + limit(text, MAX_QUOTED) + '"';
  }

  /** The text escaped, and cut at {@code max} characters with an ellipsis. */
  public static String limit(String text, int max) {
    return limit(text, max, true);
  }

  /** As {@link #limit}, where nothing is put around it: quotes and backslashes are as they are. */
  public static String line(String text, int max) {
    return limit(text, max, false);
  }

  private static String limit(String text, int max, boolean quoted) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), max) + 8);
    int index = 0;
    while (index < text.length() && out.length() < max) {
      int codePoint = text.codePointAt(index);
      if (!quoted && (codePoint == '"' || codePoint == '\\')) {
        out.appendCodePoint(codePoint);
      } else {
        append(out, codePoint);
      }
      index += Character.charCount(codePoint);
    }
    return index < text.length() ? out.append("...").toString() : out.toString();
  }

  /** The text with the characters escaped that are not shown; the rest stays as it is. */
  public static String visible(String text) {
    if (text.codePoints().allMatch(Printable::isShown)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isShown(c)) {
                out.appendCodePoint(c);
              } else {
                append(out, c);
              }
            });
    return out.toString();
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      default -> {
        if (isShown(codePoint)) {
          out.appendCodePoint(codePoint);
        } else {
          out.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
        }
      }
    }
  }

  /** Controls, lone surrogates and the format characters that reorder a line are not shown. */
  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      // a no-break space looks like one that separates words, and is none
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
