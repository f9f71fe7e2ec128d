package io.jbuild.builder.source;

import io.jbuild.oci.text.Printable;

/**
 * A line as a terminal may have it: without control characters and not longer than {@value #WIDTH}
 * characters, the ones about the culprit if it stands further on.
 *
 * @param carets blanks and {@code ^} for the line below it; empty without a culprit
 */
record ShownLine(String text, String carets) {
  /** A line of a Buildfile may hold 64 KiB; a terminal does not want to. */
  private static final int WIDTH = 160;

  private static final String CUT = "...";

  static ShownLine of(String line) {
    return of(line, Culprit.NONE);
  }

  static ShownLine of(String line, Culprit culprit) {
    int start = start(line, culprit);
    int end = ahead(line, start, WIDTH);
    String before = start > 0 ? CUT : "";
    String after = end < line.length() ? CUT : "";
    StringBuilder carets = new StringBuilder(below(before));
    int done = start;
    for (int place : culprit.places()) {
      if (place >= start && place < end) {
        int stop = Math.min(end, place + culprit.word().length());
        carets.append(below(printable(line.substring(done, place))));
        carets.append("^".repeat(Math.max(1, Columns.of(printable(line.substring(place, stop))))));
        done = stop;
      }
    }
    String text = before + printable(line.substring(start, end)) + after;
    return new ShownLine(text.stripTrailing(), carets.toString().stripTrailing());
  }

  /** Where the part begins that is shown; it has what stands before the culprit as well. */
  private static int start(String line, Culprit culprit) {
    if (culprit.places().isEmpty()) {
      return 0;
    }
    int place = culprit.places().get(0);
    boolean fits = place + culprit.word().length() <= ahead(line, 0, WIDTH);
    int before = line.codePointCount(0, place) - WIDTH / 4;
    return fits || before <= 0 ? 0 : line.offsetByCodePoints(0, before);
  }

  private static int ahead(String line, int from, int count) {
    boolean further = line.codePointCount(from, line.length()) > count;
    return further ? line.offsetByCodePoints(from, count) : line.length();
  }

  /** Control characters would let a file write to the user's terminal; tabs are for shape. */
  private static String printable(String part) {
    StringBuilder out = new StringBuilder();
    for (String piece : part.split("(?<=\t)|(?=\t)", -1)) {
      out.append(piece.equals("\t") ? piece : Printable.visible(piece));
    }
    return out.toString();
  }

  /** As many columns of nothing; a tab goes as far below a tab. */
  private static String below(String shown) {
    StringBuilder out = new StringBuilder();
    shown.codePoints().forEach(c -> out.append(c == '\t' ? "\t" : " ".repeat(Columns.of(c))));
    return out.toString();
  }
}
