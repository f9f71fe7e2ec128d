package io.jbuild.builder.source;

import java.util.Locale;

/** Lines of a source as plain text, those of the range marked, and the culprit among them. */
final class Excerpt {
  private static final int CONTEXT = 2;

  /** Ranges longer than this are cut: a here-document may have thousands of lines. */
  private static final int MAX_LINES = 20;

  private static final String RULE = "--------------------\n";

  private Excerpt() {}

  static String render(Source source, SourceRange range, String culprit) {
    if (source.lineCount() == 0) {
      return "";
    }
    Culprit found = Culprit.find(culprit, source, range);
    int first = Math.max(1, range.startLine() - CONTEXT);
    int last = Math.min(source.lineCount(), range.endLine() + CONTEXT);
    StringBuilder out = new StringBuilder();
    out.append(RULE);
    int shown = Math.min(last, first + MAX_LINES - 1);
    for (int line = first; line <= shown; line++) {
      String mark = range.contains(line) ? ">>>" : "   ";
      boolean guilty = line == found.line();
      ShownLine text = ShownLine.of(source.line(line), guilty ? found : Culprit.NONE);
      out.append(String.format(Locale.ROOT, "%4d | %s %s", line, mark, text.text()));
      out.append('\n');
      if (guilty) {
        out.append("     |     ").append(text.carets()).append('\n');
      }
    }
    if (shown < last) {
      out.append("     | ").append(last - shown).append(" more lines\n");
    }
    return out.append(RULE).toString();
  }
}
