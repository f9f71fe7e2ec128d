package io.jbuild.builder.extend;

import io.jbuild.builder.source.Blanks;
import java.util.ArrayList;
import java.util.List;

/** Reads a condition: {@code ||} binds less than {@code &&}, which binds less than {@code !}. */
final class ConditionReader {
  /** Deeper nesting is an attack on the stack, not a condition. */
  private static final int MAX_DEPTH = 64;

  private static final String DEFINED = "defined";
  private static final String ASSIGNED = "\"=\" is not known: equal is ==, not equal is !=";

  private final String text;
  private final char escape;
  private int at;
  private int depth;

  private ConditionReader(String text, char escape) {
    this.text = text;
    this.escape = escape;
  }

  /** What is wrong in a condition; a sentence without a place. */
  static final class ConditionException extends Exception {
    private static final long serialVersionUID = 1L;

    ConditionException(String problem) {
      super(problem);
    }
  }

  static Condition read(String text, char escape) throws ConditionException {
    ConditionReader reader = new ConditionReader(text, escape);
    Condition condition = reader.any();
    reader.blanks();
    if (reader.at < text.length()) {
      String rest = text.substring(reader.at);
      throw new ConditionException(
          rest.startsWith("=") ? ASSIGNED : "\"" + rest + "\" is more than the condition");
    }
    return condition;
  }

  private void blanks() {
    at = Blanks.skip(text, at);
  }

  private boolean take(String operator) {
    blanks();
    boolean there = text.startsWith(operator, at);
    at += there ? operator.length() : 0;
    return there;
  }

  private Condition any() throws ConditionException {
    List<Condition> parts = new ArrayList<>(List.of(all()));
    while (take("||")) {
      parts.add(all());
    }
    return parts.size() == 1 ? parts.get(0) : new Condition.Any(parts);
  }

  private Condition all() throws ConditionException {
    List<Condition> parts = new ArrayList<>(List.of(one()));
    while (take("&&")) {
      parts.add(one());
    }
    return parts.size() == 1 ? parts.get(0) : new Condition.All(parts);
  }

  private Condition one() throws ConditionException {
    if (++depth > MAX_DEPTH) {
      throw new ConditionException("the condition is nested more than " + MAX_DEPTH + " deep");
    }
    Condition found = take("!") ? new Condition.Not(one()) : primary();
    depth--;
    return found;
  }

  private Condition primary() throws ConditionException {
    if (take("(")) {
      Condition inner = any();
      if (!take(")")) {
        throw new ConditionException("a parenthesis is not closed");
      }
      return inner;
    }
    String left = word();
    if (left.equals(DEFINED) && take("(")) {
      return defined();
    }
    if (take("==")) {
      return new Condition.Compared(left, word(), true);
    }
    return take("!=") ? new Condition.Compared(left, word(), false) : new Condition.Truth(left);
  }

  private Condition defined() throws ConditionException {
    String name = word();
    boolean isName = name.matches("[A-Za-z_][A-Za-z0-9_]*");
    if (!isName || !take(")")) {
      throw new ConditionException("defined(NAME) takes the name of an ARG, without a $");
    }
    return new Condition.Defined(name);
  }

  /** Up to a blank or an operator outside of quotes and braces; as written. */
  private String word() throws ConditionException {
    blanks();
    int start = at;
    while (at < text.length() && !ends()) {
      piece();
    }
    if (at == start) {
      throw new ConditionException(missing());
    }
    return text.substring(start, at);
  }

  private String missing() {
    if (at >= text.length()) {
      return text.isBlank() ? "IF needs a condition" : "the condition ends where a word should be";
    }
    boolean assigned = text.charAt(at) == '=';
    return assigned ? ASSIGNED : "\"" + text.substring(at) + "\" stands where a word should be";
  }

  private boolean ends() {
    char c = text.charAt(at);
    return Blanks.isSpace(c)
        || c == '('
        || c == ')'
        || c == '='
        || c == '&'
        || c == '|'
        || c == '<'
        || c == '>'
        || text.startsWith("!=", at);
  }

  private void piece() throws ConditionException {
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      quoted(c);
    } else if (text.startsWith("${", at)) {
      braces();
    } else {
      at += c == escape ? 2 : 1;
      at = Math.min(at, text.length());
    }
  }

  private void quoted(char quote) throws ConditionException {
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      if (quote == '"' && text.startsWith("${", at)) {
        braces();
      } else {
        at += quote == '"' && text.charAt(at) == escape ? 2 : 1;
      }
    }
    if (at >= text.length()) {
      throw new ConditionException("a " + quote + " is not closed");
    }
    at++;
  }

  private void braces() throws ConditionException {
    int open = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      at += c == escape ? 2 : 1;
      if (c == '{') {
        open++;
      } else if (c == '}' && --open == 0) {
        return;
      }
    }
    throw new ConditionException("a ${ is not closed");
  }
}
