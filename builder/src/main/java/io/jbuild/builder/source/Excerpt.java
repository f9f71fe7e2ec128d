package io.jbuild.builder.source;

import io.jbuild.oci.text.Printable;
import java.util.Locale;

/** Lines of a source as plain text, those of the range marked. */
final class Excerpt {
  private static final int CONTEXT = 2;

  /** A line of a Buildfile may hold 64 KiB; a terminal does not want to. */
  private static final int WIDTH = 160;

  /** Ranges longer than this are cut: a here-document may have thousands of lines. */
  private static final int MAX_LINES = 20;

  private static final String RULE = "--------------------\n";

  private Excerpt() {}

  static String render(Source source, SourceRange range) {
    if (source.lineCount() == 0) {
      return "";
    }
    int first = Math.max(1, range.startLine() - CONTEXT);
    int last = Math.min(source.lineCount(), range.endLine() + CONTEXT);
    StringBuilder out = new StringBuilder();
    out.append(RULE);
    int shown = Math.min(last, first + MAX_LINES - 1);
    for (int line = first; line <= shown; line++) {
      String mark = range.contains(line) ? ">>>" : "   ";
      out.append(String.format(Locale.ROOT, "%4d | %s ", line, mark));
      out.append(printable(source.line(line))).append('\n');
    }
    if (shown < last) {
      out.append("     | ").append(last - shown).append(" more lines\n");
    }
    return out.append(RULE).toString();
  }

  /** Control characters would let a file write to the user's terminal; tabs are for shape. */
  private static String printable(String line) {
    boolean cut = line.codePointCount(0, line.length()) > WIDTH;
    String shown = cut ? line.substring(0, line.offsetByCodePoints(0, WIDTH)) : line;
    StringBuilder out = new StringBuilder();
    for (String part : shown.split("(?<=\t)|(?=\t)", -1)) {
      out.append(part.equals("\t") ? part : Printable.visible(part));
    }
    return (cut ? out.append("...") : out).toString().stripTrailing();
  }
}
