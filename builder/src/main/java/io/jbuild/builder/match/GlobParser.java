package io.jbuild.builder.match;

import java.util.ArrayList;
import java.util.List;

/** Turns the text of a pattern into the tokens of a {@link Glob}. */
final class GlobParser {
  /** Matching costs pattern times path; this is the kernel's PATH_MAX. */
  private static final int MAX_LENGTH = 4096;

  private final String pattern;
  private final int[] text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  GlobParser(String pattern) {
    this.pattern = pattern;
    this.text = pattern.codePoints().toArray();
  }

  /**
   * As {@code filepath.Match} reads it, where a double star is two stars.
   *
   * @param doubleStar read {@code **} as ignore files do: any number of whole elements
   */
  Glob parse(boolean doubleStar) throws InvalidPatternException {
    if (text.length > MAX_LENGTH) {
      throw new InvalidPatternException(
          pattern, "longer than the " + MAX_LENGTH + " characters that a path may have");
    }
    while (at < text.length) {
      int c = text[at++];
      switch (c) {
        case '*' -> star(doubleStar);
        case '?' -> tokens.add(Token.ANY);
        case '[' -> tokens.add(characterClass());
        case '\\' -> tokens.add(Token.literal(escaped()));
        default -> tokens.add(Token.literal(c));
      }
    }
    return new Glob(tokens);
  }

  private void star(boolean doubleStar) {
    boolean twice = doubleStar && at < text.length && text[at] == '*';
    if (!twice) {
      add(Token.STAR);
      return;
    }
    boolean first = at == 1;
    at++;
    boolean slash = at < text.length && text[at] == '/';
    if (slash) {
      at++;
    }
    if (at == text.length) {
      add(Token.ALL);
    } else if (first && !slash && plainFrom(at)) {
      // The oddity of the original: "**name" is a suffix of the text, so "**.md" is any *.md.
      add(Token.ALL);
    } else {
      // "(.*/)?": skipped, or anything up to a slash.
      add(Token.ELEMENTS);
    }
  }

  /** A repeated token of these matches what one of them matches. */
  private void add(Token token) {
    if (tokens.isEmpty() || tokens.get(tokens.size() - 1) != token) {
      tokens.add(token);
    }
  }

  private boolean plainFrom(int start) {
    for (int i = start; i < text.length; i++) {
      if ("*?[]\\".indexOf(text[i]) >= 0) {
        return false;
      }
    }
    return true;
  }

  private Token characterClass() throws InvalidPatternException {
    boolean negated = at < text.length && text[at] == '^';
    if (negated) {
      at++;
    }
    List<Integer> bounds = new ArrayList<>();
    while (bounds.isEmpty() || peekInClass() != ']') {
      int low = classCharacter();
      int high = low;
      if (peekInClass() == '-') {
        at++;
        high = classCharacter();
      }
      bounds.add(low);
      bounds.add(high);
    }
    at++;
    return Token.characterClass(bounds.stream().mapToInt(Integer::intValue).toArray(), negated);
  }

  private int peekInClass() throws InvalidPatternException {
    if (at >= text.length) {
      throw new InvalidPatternException(pattern, "\"[\" without \"]\"");
    }
    return text[at];
  }

  private int classCharacter() throws InvalidPatternException {
    int c = peekInClass();
    if (c == '-' || c == ']') {
      throw new InvalidPatternException(
          pattern, "\"" + (char) c + "\" in \"[…]\" must be escaped with \"\\\"");
    }
    at++;
    return c == '\\' ? escaped() : c;
  }

  private int escaped() throws InvalidPatternException {
    if (at >= text.length) {
      throw new InvalidPatternException(pattern, "\"\\\" at the end escapes nothing");
    }
    return text[at++];
  }
}
