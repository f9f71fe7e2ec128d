package io.jbuild.builder.match;

/** One piece of a pattern. Pieces without data are singletons, compared by identity. */
final class Token {
  /** In place of a code point: one of some characters, or none at all. */
  private static final int CLASS = -1;

  private static final int OTHER = -2;

  /** {@code ?}: any character but the slash. */
  static final Token ANY = new Token(CLASS, new int[0], true);

  /** {@code *}: any run without a slash. */
  static final Token STAR = new Token(OTHER, new int[0], false);

  /** {@code **} at the end: any run. */
  static final Token ALL = new Token(OTHER, new int[0], false);

  /** {@code ** /}: nothing, or any run that ends with a slash. */
  static final Token ELEMENTS = new Token(OTHER, new int[0], false);

  private final int literal;
  private final int[] bounds;
  private final boolean negated;

  private Token(int literal, int[] bounds, boolean negated) {
    this.literal = literal;
    this.bounds = bounds;
    this.negated = negated;
  }

  static Token literal(int codePoint) {
    return new Token(codePoint, new int[0], false);
  }

  /** Pairs of first and last; a class never matches a slash. */
  static Token characterClass(int[] bounds, boolean negated) {
    return new Token(CLASS, bounds, negated);
  }

  boolean isLiteral() {
    return literal >= 0;
  }

  int literal() {
    return literal;
  }

  boolean matches(int c) {
    if (literal >= 0) {
      return c == literal;
    }
    return literal == CLASS && c != '/' && inBounds(c) != negated;
  }

  private boolean inBounds(int c) {
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] <= c && c <= bounds[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
