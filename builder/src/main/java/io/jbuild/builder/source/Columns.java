package io.jbuild.builder.source;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/** How many columns of a terminal a character takes. */
final class Columns {
  private static final Set<UnicodeScript> WIDE =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.YI);

  private Columns() {}

  static int of(String text) {
    return text.codePoints().map(Columns::of).sum();
  }

  static int of(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  private static boolean isWide(int c) {
    boolean punctuation = c >= 0x3000 && c <= 0x303E;
    boolean fullWidth = (c >= 0xFF01 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6);
    boolean halfWidth = c >= 0xFF61 && c <= 0xFFDC;
    boolean pictures = (c >= 0x1F300 && c <= 0x1F64F) || (c >= 0x1F680 && c <= 0x1FAFF);
    return punctuation
        || fullWidth
        || pictures
        || (!halfWidth && WIDE.contains(UnicodeScript.of(c)));
  }
}
