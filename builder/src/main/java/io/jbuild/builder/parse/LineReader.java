package io.jbuild.builder.parse;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.util.Optional;

/** Hands out the physical lines of a source, one after the other, and refuses impossible ones. */
final class LineReader {
  /** BuildKit's: what its line scanner buffers, less one. */
  private static final int MAX_LINE = 64 * 1024 - 1;

  private final Source source;
  private int line;

  LineReader(Source source) {
    this.source = source;
  }

  boolean next() throws BuildfileException {
    if (line >= source.lineCount()) {
      return false;
    }
    line++;
    if (source.byteLength(line) > MAX_LINE) {
      throw error("line is longer than the " + MAX_LINE + " bytes that a line may have");
    }
    return true;
  }

  /** The number of the current line. */
  int line() {
    return line;
  }

  /** The current line without its terminator. */
  String text() {
    return source.line(line);
  }

  /** The current line with its terminator. */
  String raw() {
    return source.rawLine(line);
  }

  /** Comments may hold any bytes, what is built may not. */
  void checkText() throws BuildfileException {
    if (source.invalidUtf8(line)) {
      throw new BuildfileException(
          "line is not UTF-8",
          source,
          SourceRange.line(line),
          Optional.of("convert the file, for example: iconv -f latin1 -t utf-8"));
    }
    if (source.line(line).indexOf('\0') >= 0) {
      throw error("line contains a NUL character");
    }
  }

  BuildfileException error(String problem) {
    return new BuildfileException(problem, source, SourceRange.line(line));
  }
}
