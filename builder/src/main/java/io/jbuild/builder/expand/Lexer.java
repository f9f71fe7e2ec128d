package io.jbuild.builder.expand;

import java.util.Optional;

/** Reads one text from left to right. Used once. */
final class Lexer {
  /** Deeper nesting is an attack on the stack, not a Buildfile. */
  private static final int MAX_DEPTH = 64;

  private static final int END = -1;
  private static final String SPECIAL_NAMES = "@*#?-$!0";

  private final String text;
  private final char escape;
  private final LexMode mode;
  private final Variables variables;
  private final int limit;
  private int at;
  private int depth;

  Lexer(String text, char escape, LexMode mode, Variables variables, int limit) {
    this.text = text;
    this.escape = escape;
    this.mode = mode;
    this.variables = variables;
    this.limit = limit;
  }

  WordBuilder.Result process() throws ExpansionException {
    try {
      return readUntil(END, mode.keepEscapes);
    } catch (ExpansionException e) {
      ExpansionException named =
          new ExpansionException(
              "failed to process \"" + shortened() + "\": " + e.problem(), e.hint(), text);
      named.initCause(e);
      throw named;
    }
  }

  private String shortened() {
    return text.length() > 200 ? text.substring(0, 200) + "..." : text;
  }

  private int peek() {
    return at < text.length() ? text.codePointAt(at) : END;
  }

  private int next() {
    int c = peek();
    if (c != END) {
      at += Character.charCount(c);
    }
    return c;
  }

  private static String string(int c) {
    return c == END ? "" : Character.toString(c);
  }

  /** Reads up to {@code stop}, which is consumed, or up to the end. */
  private WordBuilder.Result readUntil(int stop, boolean keepEscapes) throws ExpansionException {
    WordBuilder out = new WordBuilder(limit);
    while (peek() != END) {
      int c = peek();
      if (c == stop) {
        next();
        return out.finish();
      }
      readPiece(c, keepEscapes, out);
    }
    if (stop != END) {
      throw new ExpansionException(
          "unexpected end of statement while looking for matching " + string(stop));
    }
    return out.finish();
  }

  private void readPiece(int c, boolean keepEscapes, WordBuilder out) throws ExpansionException {
    if (c == '$') {
      out.add(dollar());
    } else if (mode.quotes && c == '\'') {
      out.addQuoted(singleQuoted());
    } else if (mode.quotes && c == '"') {
      out.addQuoted(doubleQuoted(keepEscapes));
    } else if (c == '<' && mode == LexMode.VERBATIM) {
      out.addQuoted(possibleHeredoc());
    } else if (c == escape) {
      next();
      if (keepEscapes) {
        out.addQuoted(string(c));
      }
      out.addQuoted(string(next()));
    } else {
      out.add(string(next()));
    }
  }

  /** Blanks behind {@code <<} belong to the word, as in {@code << EOF}. */
  private String possibleHeredoc() {
    int start = at;
    next();
    if (peek() != '<') {
      return text.substring(start, at);
    }
    next();
    if (peek() == '-') {
      next();
    }
    while (peek() == ' ' || peek() == '\t' || peek() == '\r') {
      next();
    }
    return text.substring(start, at);
  }

  private String singleQuoted() throws ExpansionException {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw new ExpansionException(
          "unexpected end of statement while looking for matching single-quote",
          Optional.of("a quote that is meant as a character needs " + escape + " in front"));
    }
    String inside = text.substring(at + 1, end);
    at = end + 1;
    return mode.keepQuotes ? "'" + inside + "'" : inside;
  }

  private String doubleQuoted(boolean keepEscapes) throws ExpansionException {
    WordBuilder out = new WordBuilder(limit);
    next();
    while (peek() != '"') {
      int c = peek();
      if (c == END) {
        throw new ExpansionException(
            "unexpected end of statement while looking for matching double-quote",
            Optional.of("a quote that is meant as a character needs " + escape + " in front"));
      }
      out.addQuoted(c == '$' ? dollar() : quotedCharacter(keepEscapes));
    }
    next();
    return mode.keepQuotes ? "\"" + out.word() + "\"" : out.word();
  }

  /** Inside double quotes only a quote, a dollar and the escape itself can be escaped. */
  private String quotedCharacter(boolean keepEscapes) {
    int c = next();
    if (c != escape) {
      return string(c);
    }
    int following = peek();
    boolean escapes = following == '"' || following == '$' || following == escape;
    String kept = keepEscapes ? string(c) : "";
    if (following == END) {
      return kept;
    }
    return kept + (escapes ? string(next()) : keepEscapes ? "" : string(c));
  }

  private String dollar() throws ExpansionException {
    int start = at;
    next();
    if (peek() == '{') {
      next();
      return braces(start);
    }
    String name = name();
    if (name.isEmpty()) {
      return "$";
    }
    return valueOr(name, text.substring(start, at));
  }

  private String valueOr(String name, String written) {
    Optional<String> value = variables.get(name);
    return value.orElse(mode.keepUnset ? written : "");
  }

  private String name() {
    int c = peek();
    int start = at;
    if (Character.isDigit(c)) {
      while (Character.isDigit(peek())) {
        next();
      }
    } else if (c != END && SPECIAL_NAMES.indexOf(c) >= 0) {
      next();
    } else {
      while (Character.isLetterOrDigit(peek()) || peek() == '_') {
        next();
      }
    }
    return text.substring(start, at);
  }

  private String braces(int start) throws ExpansionException {
    int first = peek();
    if (first == END) {
      throw missingBrace();
    }
    if (first == '{' || first == '}' || first == ':') {
      throw new ExpansionException("syntax error: bad substitution");
    }
    if (++depth > MAX_DEPTH) {
      throw new ExpansionException("substitutions are nested more than " + MAX_DEPTH + " deep");
    }
    String name = name();
    int operator = next();
    String value =
        switch (operator) {
          case '}' -> valueOr(name, text.substring(start, at));
          case ':', '+', '-', '?' -> conditional(name, operator, start);
          case '#', '%' -> trimmed(name, operator, start);
          case '/' -> replaced(name, start);
          case END -> throw missingBrace();
          default -> throw unsupported(string(operator));
        };
    depth--;
    return value;
  }

  private static ExpansionException missingBrace() {
    return new ExpansionException("syntax error: missing '}'");
  }

  private static ExpansionException unsupported(String operator) {
    return new ExpansionException(
        "unsupported modifier (" + operator + ") in substitution",
        Optional.of("after the name may stand one of :- - :+ + :? ? # ## % %% / //"));
  }

  /** The rest of a substitution, up to its brace. */
  private String operand(int stop, boolean keepEscapes) throws ExpansionException {
    try {
      return readUntil(stop, keepEscapes).word();
    } catch (ExpansionException e) {
      if (peek() != END) {
        throw e;
      }
      throw stop == '}'
          ? missingBrace()
          : new ExpansionException("syntax error: missing '/' in ${}");
    }
  }

  private String conditional(String name, int first, int start) throws ExpansionException {
    boolean emptyIsUnset = first == ':';
    int operator = emptyIsUnset ? next() : first;
    String operand = operand('}', false);
    Optional<String> value = variables.get(name);
    if (mode.keepUnset && value.isEmpty()) {
      return text.substring(start, at);
    }
    Optional<String> chosen = emptyIsUnset ? value.filter(v -> !v.isEmpty()) : value;
    return switch (operator) {
      case '-' -> chosen.orElse(operand);
      case '+' -> chosen.isPresent() ? operand : "";
      case '?' -> chosen.orElseThrow(() -> required(name, operand, value.isPresent()));
      default -> throw unsupported(":" + string(operator));
    };
  }

  private static ExpansionException required(String name, String message, boolean set) {
    String standard = "is not allowed to be " + (set ? "empty" : "unset");
    return new ExpansionException(name + ": " + (message.isEmpty() ? standard : message));
  }

  private String trimmed(String name, int operator, int start) throws ExpansionException {
    boolean greedy = peek() == operator;
    if (greedy) {
      next();
    }
    String pattern = operand('}', true);
    Optional<String> value = variables.get(name);
    if (mode.keepUnset && value.isEmpty()) {
      return text.substring(start, at);
    }
    ShellPattern shell = ShellPattern.compile(pattern);
    String subject = value.orElse("");
    return operator == '#' ? shell.trimPrefix(subject, greedy) : shell.trimSuffix(subject, greedy);
  }

  private String replaced(String name, int start) throws ExpansionException {
    boolean all = peek() == '/';
    if (all) {
      next();
    }
    String pattern = operand('/', true);
    String replacement = operand('}', true);
    Optional<String> value = variables.get(name);
    if (mode.keepUnset && value.isEmpty()) {
      return text.substring(start, at);
    }
    return ShellPattern.compile(pattern).replace(value.orElse(""), replacement, all, limit);
  }
}
