package io.jbuild.builder.source;

import java.util.ArrayList;
import java.util.List;

/**
 * The word that an error is about, as it is written, and where it stands in the lines of a range:
 * in the first line that has it alone, not as part of a longer word.
 *
 * @param line 0 when no line has it, for example because a continuation divides it
 * @param places where it begins in that line
 */
record Culprit(String word, int line, List<Integer> places) {
  static final Culprit NONE = new Culprit("", 0, List.of());

  Culprit {
    places = List.copyOf(places);
  }

  static Culprit find(String word, Source source, SourceRange range) {
    int last = Math.min(range.endLine(), source.lineCount());
    for (int line = range.startLine(); line <= last && !word.isEmpty(); line++) {
      String text = source.line(line);
      boolean comment = line > range.startLine() && Blanks.trimLeft(text).startsWith("#");
      List<Integer> places = comment ? List.of() : places(word, text);
      if (!places.isEmpty()) {
        return new Culprit(word, line, places);
      }
    }
    return NONE;
  }

  private static List<Integer> places(String word, String text) {
    List<Integer> out = new ArrayList<>();
    int at = text.indexOf(word);
    while (at >= 0) {
      int end = at + word.length();
      if (isEdge(text, at) && isEdge(text, end)) {
        out.add(at);
      }
      at = text.indexOf(word, end);
    }
    return out;
  }

  /** Whether no name, flag or path goes on across this place. */
  private static boolean isEdge(String text, int at) {
    return at == 0
        || at == text.length()
        || !isWordPart(text.codePointBefore(at))
        || !isWordPart(text.codePointAt(at));
  }

  private static boolean isWordPart(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '/';
  }
}
