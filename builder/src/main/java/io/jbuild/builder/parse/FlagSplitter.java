package io.jbuild.builder.parse;

import io.jbuild.builder.source.Blanks;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the words that begin with {@code --} off the front of a line; a bare {@code --} ends them.
 * Quotes group, and the backslash escapes, in and out of quotes, whatever the escape directive
 * says.
 */
final class FlagSplitter {
  private static final String END_OF_FLAGS = "--";

  private final String text;
  private final List<WordSplitter.Piece> flags = new ArrayList<>();
  private int at;

  FlagSplitter(String text, int from) {
    this.text = text;
    this.at = from;
  }

  /** The words; afterwards {@link #end} tells where the rest begins. */
  List<WordSplitter.Piece> split() {
    at = Blanks.skip(text, at);
    while (text.startsWith(END_OF_FLAGS, at)) {
      int start = at;
      String word = word();
      if (word.equals(END_OF_FLAGS)) {
        break;
      }
      flags.add(new WordSplitter.Piece(word, start, at));
      at = Blanks.skip(text, at);
    }
    return flags;
  }

  int end() {
    return Blanks.skip(text, at);
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
      if (c == '\\') {
        if (at < text.length()) {
          out.append(text.charAt(at++));
        }
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
