package io.jbuild.isolation;

import java.io.OutputStream;

/** Where a command's three standard streams lead. */
public sealed interface Stdio {
  /**
   * Input is /dev/null; each output is a pipe whose bytes are written to a stream as they come, by
   * one thread per stream. The streams stay the caller's and are not closed. A stream that throws
   * gets no more bytes, and the command is not held up. The same stream may be given for both: it
   * is then written by two threads.
   */
  record Captured(OutputStream out, OutputStream error) implements Stdio {}

  /** The descriptors 0, 1 and 2 of this very process. */
  record Inherited() implements Stdio {}

  static Stdio captured(OutputStream out, OutputStream error) {
    return new Captured(out, error);
  }

  static Stdio inherited() {
    return new Inherited();
  }

  /** Output goes nowhere. */
  static Stdio discarded() {
    return new Captured(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
  }
}
