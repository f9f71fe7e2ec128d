package io.jbuild.cli.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** Text of a build made fit for a terminal: no control characters but tabs, bounded width. */
public final class Text {
  private Text() {}

  public static String printable(byte[] line) {
    return printable(new String(line, StandardCharsets.UTF_8));
  }

  /** Removes what could move the cursor, change colours or ring the bell. */
  public static String printable(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\r' || line.charAt(end - 1) == '\n')) {
      end--;
    }
    StringBuilder clean = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = line.charAt(i);
      if (c == '\u001b') {
        i = skipEscape(line, i, end);
      } else if (c == '\r') {
        clean.setLength(0); // a progress bar redraws its line: the last state counts
      } else if (c == '\t' || !Character.isISOControl(c)) {
        clean.append(c);
      }
    }
    return clean.toString();
  }

  /**
   * The index of the last character of an ECMA-48 control sequence that begins at {@code start}.
   */
  private static int skipEscape(String line, int start, int end) {
    int i = start + 1;
    if (i < end && line.charAt(i) == '[') {
      i++;
      while (i < end && (line.charAt(i) < '@' || line.charAt(i) > '~')) {
        i++;
      }
      return Math.min(i, end - 1);
    }
    if (i < end && line.charAt(i) == ']') {
      while (i < end && line.charAt(i) != '\u0007' && line.charAt(i) != '\u001b') {
        i++;
      }
      return Math.min(i, end - 1);
    }
    return Math.min(i, end - 1);
  }

  public static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }

  public static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
  }
}
