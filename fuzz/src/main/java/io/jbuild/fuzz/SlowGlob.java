package io.jbuild.fuzz;

/** Patterns by trying everything: short texts only. */
final class SlowGlob {
  private final int[] pattern;
  private final int[] text;
  private final boolean doubleStar;
  private final boolean[][] failed;

  private SlowGlob(String pattern, String text, boolean doubleStar) {
    this.pattern = pattern.codePoints().toArray();
    this.text = text.codePoints().toArray();
    this.doubleStar = doubleStar;
    this.failed = new boolean[this.pattern.length + 1][this.text.length + 1];
  }

  static boolean matches(String pattern, String text, boolean doubleStar) {
    if (doubleStar && pattern.startsWith("**") && isPlain(pattern.substring(2))) {
      String suffix = pattern.substring(2);
      return text.endsWith(suffix) || (suffix.startsWith("/") && text.equals(suffix.substring(1)));
    }
    return new SlowGlob(pattern, text, doubleStar).from(0, 0);
  }

  private static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> "*?[]\\".indexOf(c) >= 0);
  }

  private boolean from(int p, int t) {
    if (failed[p][t]) {
      return false;
    }
    boolean matches = p == pattern.length ? t == text.length : one(p, t);
    failed[p][t] = !matches;
    return matches;
  }

  private boolean one(int p, int t) {
    int c = pattern[p];
    if (c == '*') {
      return (doubleStar && at(p + 1) == '*') ? elements(p + 2, t) : star(p + 1, t);
    }
    if (t == text.length) {
      return false;
    }
    return switch (c) {
      case '?' -> text[t] != '/' && from(p + 1, t + 1);
      case '[' -> text[t] != '/' && inClass(p + 1, text[t]) && from(end(p + 1), t + 1);
      case '\\' -> at(p + 1) == text[t] && from(p + 2, t + 1);
      default -> c == text[t] && from(p + 1, t + 1);
    };
  }

  private int at(int p) {
    return p < pattern.length ? pattern[p] : -1;
  }

  private boolean star(int p, int t) {
    for (int end = t; end <= text.length; end++) {
      if (from(p, end)) {
        return true;
      }
      if (end < text.length && text[end] == '/') {
        return false;
      }
    }
    return false;
  }

  /** Nothing, or any run that ends with a slash; at the end of the pattern anything. */
  private boolean elements(int afterStars, int t) {
    int p = at(afterStars) == '/' ? afterStars + 1 : afterStars;
    if (p == pattern.length || from(p, t)) {
      return true;
    }
    for (int end = t; end < text.length; end++) {
      if (text[end] == '/' && from(p, end + 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean inClass(int start, int c) {
    boolean negated = at(start) == '^';
    boolean found = false;
    int p = negated ? start + 1 : start;
    while (p == (negated ? start + 1 : start) || pattern[p] != ']') {
      int low = pattern[p] == '\\' ? pattern[++p] : pattern[p];
      int high = low;
      p++;
      if (pattern[p] == '-') {
        p++;
        high = pattern[p] == '\\' ? pattern[++p] : pattern[p];
        p++;
      }
      found |= low <= c && c <= high;
    }
    return found != negated;
  }

  private int end(int start) {
    int p = at(start) == '^' ? start + 1 : start;
    boolean first = true;
    while (first || pattern[p] != ']') {
      p += pattern[p] == '\\' ? 2 : 1;
      first = false;
    }
    return p + 1;
  }

  /** Whether {@code filepath.Match} knows the pattern: brackets hold ranges, escapes escape. */
  static boolean isValid(String pattern) {
    int p = 0;
    while (p < pattern.length()) {
      char c = pattern.charAt(p);
      if (c == '[') {
        p = validClass(pattern, p + 1);
      } else {
        p += c == '\\' ? 2 : 1;
      }
      if (p < 0 || p > pattern.length()) {
        return false;
      }
    }
    return true;
  }

  private static int validClass(String pattern, int start) {
    int p = pattern.startsWith("^", start) ? start + 1 : start;
    for (int ranges = 0; ranges == 0 || !pattern.startsWith("]", p); ranges++) {
      p = validBound(pattern, p);
      if (p > 0 && pattern.startsWith("-", p)) {
        p = validBound(pattern, p + 1);
      }
      if (p < 0) {
        return -1;
      }
    }
    return p + 1;
  }

  private static int validBound(String pattern, int p) {
    if (p >= pattern.length() || pattern.charAt(p) == '-' || pattern.charAt(p) == ']') {
      return -1;
    }
    int at = pattern.charAt(p) == '\\' ? p + 1 : p;
    if (at >= pattern.length()) {
      return -1;
    }
    int next = at + Character.charCount(pattern.codePointAt(at));
    return next < pattern.length() ? next : -1;
  }
}
