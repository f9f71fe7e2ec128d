package io.jbuild.builder.source;

/** Lines of a source, both ends included, counted from 1. */
public record SourceRange(int startLine, int endLine) {
  public SourceRange {
    if (startLine < 1 || endLine < startLine) {
      throw new IllegalArgumentException("bad range: " + startLine + ".." + endLine);
    }
  }

  public static SourceRange line(int line) {
    return new SourceRange(line, line);
  }

  /** The smallest range that covers both. */
  public SourceRange union(SourceRange other) {
    return new SourceRange(Math.min(startLine, other.startLine), Math.max(endLine, other.endLine));
  }

  public boolean contains(int line) {
    return startLine <= line && line <= endLine;
  }

  @Override
  public String toString() {
    return startLine == endLine ? "line " + startLine : "lines " + startLine + "-" + endLine;
  }
}
