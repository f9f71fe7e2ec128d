package io.jbuild.builder.parse;

import io.jbuild.builder.source.Blanks;
import java.util.ArrayList;
import java.util.List;

/** Cuts a body into words, with their places. */
final class WordSplitter {
  private final String text;
  private final char escape;
  private int at;

  WordSplitter(String text, char escape) {
    this.text = text;
    this.escape = escape;
  }

  /** A piece of the text, which may have lost an escape at the very end. */
  record Piece(String text, int start, int end) {}

  /** Splits at every blank, quoted or not. */
  static List<Piece> plain(String text) {
    List<Piece> out = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || Blanks.isBlank(text.charAt(i))) {
        if (i > start) {
          out.add(new Piece(text.substring(start, i), start, i));
        }
        start = i + 1;
      }
    }
    return out;
  }

  /** Splits at white space outside quotes; quotes and escapes stay. */
  List<Piece> quoted() {
    List<Piece> out = new ArrayList<>();
    at = Blanks.skip(text, 0);
    while (at < text.length()) {
      int start = at;
      String word = word();
      if (!word.isEmpty()) {
        out.add(new Piece(word, start, at));
      }
      at = Blanks.skip(text, at);
    }
    return out;
  }

  private String word() {
    StringBuilder out = new StringBuilder();
    char quote = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (quote == 0 && Blanks.isSpace(c)) {
        break;
      }
      at++;
      if (c == escape && quote != '\'') {
        // An escape at the end of the text escapes nothing and is dropped.
        if (at < text.length()) {
          out.append(c).append(text.charAt(at++));
        }
        continue;
      }
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      out.append(c);
    }
    return out.toString();
  }
}
