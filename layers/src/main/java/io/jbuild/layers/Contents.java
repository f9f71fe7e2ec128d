package io.jbuild.layers;

import io.jbuild.linux.Name;
import java.io.IOException;

/**
 * Copies a file's content whose size was announced, and notices when the file does not keep to it.
 */
final class Contents {
  private Contents() {}

  interface Source {
    int read(byte[] into, int offset, int length) throws IOException;
  }

  interface Sink {
    void write(byte[] from, int offset, int length) throws IOException;
  }

  static void copy(Source from, long size, byte[] buffer, Sink to, Name name) throws IOException {
    long left = size;
    while (left > 0) {
      int count = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IOException(
            "read "
                + quoted(name)
                + ": it shrank from "
                + size
                + " to "
                + (size - left)
                + " bytes meanwhile");
      }
      to.write(buffer, 0, count);
      left -= count;
    }
  }

  /** As {@link #copy}, and the source has to be at its end then. */
  static void copyAll(Source from, long size, byte[] buffer, Sink to, Name name)
      throws IOException {
    copy(from, size, buffer, to, name);
    if (from.read(buffer, 0, 1) >= 0) {
      throw new IOException(
          "read " + quoted(name) + ": it grew beyond " + size + " bytes meanwhile");
    }
  }

  private static String quoted(Name name) {
    return '"' + name.toString() + '"';
  }
}
