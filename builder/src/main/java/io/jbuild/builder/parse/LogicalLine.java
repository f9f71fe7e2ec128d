package io.jbuild.builder.parse;

import io.jbuild.builder.source.SourceRange;
import java.util.ArrayList;
import java.util.List;

/** Physical lines joined at continuations; knows which line each character came from. */
final class LogicalLine {
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> starts = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();

  void append(String part, int line) {
    starts.add(text.length());
    lines.add(line);
    text.append(part);
  }

  String text() {
    return text.toString();
  }

  /** The lines of the characters from {@code start} to before {@code end}. */
  SourceRange range(int start, int end) {
    return new SourceRange(lineAt(start), lineAt(Math.max(start, end - 1)));
  }

  private int lineAt(int offset) {
    int low = 0;
    int high = starts.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts.get(middle) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return lines.get(low);
  }
}
