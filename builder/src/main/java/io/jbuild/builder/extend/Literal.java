package io.jbuild.builder.extend;

/** Writes a value as a word that expands to exactly this value. */
public final class Literal {
  private static final String PLAIN = "._-+:/@,%";

  private Literal() {}

  public static String of(String value, char escape) {
    boolean plain =
        !value.isEmpty()
            && value
                .chars()
                .allMatch(
                    c ->
                        (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || PLAIN.indexOf(c) >= 0);
    if (plain) {
      return value;
    }
    return value.indexOf('\'') < 0 ? "'" + value + "'" : doubleQuoted(value, escape);
  }

  private static String doubleQuoted(String value, char escape) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '$' || c == escape) {
        out.append(escape);
      }
      out.append(c);
    }
    return out.append('"').toString();
  }
}
