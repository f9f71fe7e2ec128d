package io.jbuild.builder.match;

/** A pattern that has no meaning: an open bracket, an empty class, an escape at the end. */
public final class InvalidPatternException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String pattern;

  InvalidPatternException(String pattern, String problem) {
    super("invalid pattern \"" + shortened(pattern) + "\": " + problem);
    this.pattern = pattern;
  }

  private static String shortened(String pattern) {
    return pattern.length() > 160 ? pattern.substring(0, 160) + "..." : pattern;
  }

  public String pattern() {
    return pattern;
  }
}
