package io.jbuild.builder.libs;

import io.jbuild.linux.InputFile;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Pieces of a file by offset. It reads forward and opens the file again to go back. */
final class FileBytes implements Closeable {
  private static final int SKIP = 1 << 16;

  private final TreeView tree;
  private final TreePath path;
  private InputFile file;
  private long position;
  private final long size;

  FileBytes(TreeView tree, TreePath path) throws IOException {
    this.tree = tree;
    this.path = path;
    this.file = tree.read(path);
    this.size = file.stat().size();
  }

  long size() {
    return size;
  }

  /** Exactly these bytes; the caller has bounded the length. */
  ByteBuffer exactly(long offset, int length, ByteOrder order) throws IOException {
    byte[] bytes = upTo(offset, length);
    if (bytes.length < length) {
      throw new EOFException("it ends before byte " + (offset + length));
    }
    return ByteBuffer.wrap(bytes).order(order);
  }

  /** These bytes, or fewer where the file ends. */
  byte[] upTo(long offset, int length) throws IOException {
    if (offset < 0 || offset > size) {
      throw new EOFException("it ends before byte " + offset);
    }
    seek(offset);
    byte[] bytes = new byte[(int) Math.min(length, size - offset)];
    int filled = fill(bytes);
    return filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
  }

  private void seek(long offset) throws IOException {
    if (offset < position) {
      file.close();
      file = tree.read(path);
      position = 0;
    }
    byte[] skipped = new byte[(int) Math.min(SKIP, offset - position)];
    while (position < offset) {
      int want = (int) Math.min(skipped.length, offset - position);
      int got = file.read(skipped, 0, want);
      if (got < 0) {
        throw new EOFException("it ends before byte " + offset);
      }
      position += got;
    }
  }

  private int fill(byte[] into) throws IOException {
    int filled = 0;
    while (filled < into.length) {
      int got = file.read(into, filled, into.length - filled);
      if (got < 0) {
        break;
      }
      filled += got;
      position += got;
    }
    return filled;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
