package io.jbuild.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SortedMap;

/** A regular file of a {@link MemoryTree}, open for reading. */
final class MemoryInputFile implements InputFile {
  private final MemoryNode node;
  private final FileStat opened;
  private int position;
  private boolean closed;

  MemoryInputFile(MemoryNode node) {
    this.node = node;
    this.opened = node.stat();
    node.tree.opened(this);
  }

  MemoryNode node() throws IOException {
    if (closed) {
      throw new IllegalStateException("file is closed");
    }
    node.tree.step();
    return node;
  }

  @Override
  public FileStat stat() {
    return opened;
  }

  @Override
  public FileStat statNow() throws IOException {
    return node().stat();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    byte[] part = new byte[into.remaining()];
    int length = read(part, 0, part.length);
    if (length > 0) {
      into.put(part, 0, length);
    }
    return length;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    int left = node().content.length - position;
    if (length > 0 && left <= 0) {
      return -1;
    }
    int part = Math.min(left, length);
    System.arraycopy(node.content, position, into, offset, part);
    position += part;
    return part;
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return node().copyOfXattrs();
  }

  @Override
  public void close() {
    closed = true;
    node.tree.closed(this);
  }
}
