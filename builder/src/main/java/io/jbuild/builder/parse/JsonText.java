package io.jbuild.builder.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Just enough JSON to tell exec form from shell form: strings, lists and maps of them; every other
 * value is {@link #OTHER}. Text that is not JSON is no error here, it is shell form.
 */
final class JsonText {
  /** A number, a boolean or null. */
  static final Object OTHER = new Object();

  private static final int MAX_DEPTH = 100;

  private final String text;
  private int at;
  private int depth;

  private JsonText(String text) {
    this.text = text;
  }

  /** Signals text that is not JSON, within this class only. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("not JSON", null, false, false);
    }
  }

  /** A List, a Map, a String, or {@link #OTHER}; empty when the text is not exactly one value. */
  static Optional<Object> parse(String text) {
    JsonText json = new JsonText(text);
    try {
      Object value = json.value();
      json.skipBlanks();
      return json.at == text.length() ? Optional.of(value) : Optional.empty();
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private Object value() throws Malformed {
    skipBlanks();
    char c = peek();
    if (c == '"') {
      return string();
    }
    if (c == '[' || c == '{') {
      if (++depth > MAX_DEPTH) {
        throw new Malformed();
      }
      Object value = c == '[' ? list() : map();
      depth--;
      return value;
    }
    return other();
  }

  private List<Object> list() throws Malformed {
    List<Object> items = new ArrayList<>();
    at++;
    if (accept(']')) {
      return items;
    }
    do {
      items.add(value());
    } while (accept(','));
    expect(']');
    return items;
  }

  private Map<String, Object> map() throws Malformed {
    Map<String, Object> items = new LinkedHashMap<>();
    at++;
    if (accept('}')) {
      return items;
    }
    do {
      skipBlanks();
      String key = string();
      expect(':');
      items.put(key, value());
    } while (accept(','));
    expect('}');
    return items;
  }

  private Object other() throws Malformed {
    int start = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    boolean known = word.equals("true") || word.equals("false") || word.equals("null");
    if (!known && !isNumber(word)) {
      throw new Malformed();
    }
    return OTHER;
  }

  private static boolean isNumber(String word) {
    int i = word.startsWith("-") ? 1 : 0;
    int whole = digits(word, i);
    if (whole == i || (word.charAt(i) == '0' && whole > i + 1)) {
      return false;
    }
    i = whole;
    if (i < word.length() && word.charAt(i) == '.') {
      int fraction = digits(word, i + 1);
      if (fraction == i + 1) {
        return false;
      }
      i = fraction;
    }
    if (i < word.length() && (word.charAt(i) == 'e' || word.charAt(i) == 'E')) {
      boolean signed = i + 1 < word.length() && "+-".indexOf(word.charAt(i + 1)) >= 0;
      int digits = i + (signed ? 2 : 1);
      i = digits(word, digits);
      return i > digits && i == word.length();
    }
    return i == word.length();
  }

  private static int digits(String word, int from) {
    int i = from;
    while (i < word.length() && word.charAt(i) >= '0' && word.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private String string() throws Malformed {
    if (peek() != '"') {
      throw new Malformed();
    }
    at++;
    StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw new Malformed();
      }
      out.append(c == '\\' ? escaped() : c);
    }
    at++;
    return wellFormed(out);
  }

  private char escaped() throws Malformed {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new Malformed();
    };
  }

  private char unicode() throws Malformed {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new Malformed();
      }
      value = value * 16 + digit;
      at++;
    }
    return (char) value;
  }

  /** Half a surrogate pair is written as the replacement character, as Go does. */
  private static String wellFormed(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      int c = Character.codePointAt(text, i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        text.setCharAt(i, '\uFFFD');
      } else if (Character.isSupplementaryCodePoint(c)) {
        i++;
      }
    }
    return text.toString();
  }

  private char peek() throws Malformed {
    if (at >= text.length()) {
      throw new Malformed();
    }
    return text.charAt(at);
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean accept(char c) throws Malformed {
    skipBlanks();
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) throws Malformed {
    if (!accept(c)) {
      throw new Malformed();
    }
  }
}
