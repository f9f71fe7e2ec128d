package io.jbuild.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell; the last one is not padded. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(header);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** Whether there is nothing but the header. */
  boolean isEmpty() {
    return rows.size() == 1;
  }

  void print(PrintStream out) {
    print(out, 0);
  }

  /** Without the header, which does not count for the widths either. */
  void printRows(PrintStream out) {
    print(out, 1);
  }

  private void print(PrintStream out, int first) {
    int columns = rows.get(0).length;
    int[] width = new int[columns];
    List<String[]> printed = rows.subList(first, rows.size());
    for (String[] row : printed) {
      for (int i = 0; i < columns; i++) {
        width[i] = Math.max(width[i], row[i].length());
      }
    }
    for (String[] row : printed) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row[i]);
        if (i < columns - 1) {
          line.append(" ".repeat(width[i] - row[i].length() + 2));
        }
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
