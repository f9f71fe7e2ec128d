package io.jbuild.builder.expand;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Words without an environment, for a parser that has to find them before it can expand them. */
public final class Words {
  private Words() {}

  /** Splits at blanks outside quotes; quotes, escapes and variables stay as written. */
  public static List<String> verbatim(String line) throws ExpansionException {
    return lexer(line, LexMode.VERBATIM).process().words();
  }

  /** Splits likewise and removes quotes and escapes; variables stay as written. */
  public static List<String> unquoted(String line) throws ExpansionException {
    return lexer(line, LexMode.UNQUOTE).process().words();
  }

  private static Lexer lexer(String line, LexMode mode) {
    Variables none = new Variables(Map.of(), new TreeSet<>(), new TreeSet<>());
    return new Lexer(line, '\\', mode, none, Integer.MAX_VALUE);
  }
}
