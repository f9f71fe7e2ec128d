package io.jbuild.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** A new regular file of a {@link MemoryTree}, open for writing. */
final class MemoryOutputFile implements OutputFile {
  private final MemoryNode node;
  private boolean closed;

  MemoryOutputFile(MemoryNode node) {
    this.node = node;
    node.tree.opened(this);
  }

  private MemoryNode node() throws IOException {
    if (closed) {
      throw new IllegalStateException("file is closed");
    }
    node.tree.step();
    return node;
  }

  @Override
  public FileStat stat() throws IOException {
    return node().stat();
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    byte[] part = new byte[from.remaining()];
    from.get(part);
    write(part, 0, part.length);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    int end = node().content.length;
    node.content = Arrays.copyOf(node.content, end + length);
    System.arraycopy(from, offset, node.content, end, length);
    node.modified();
  }

  /** Memory has no blocks to share. */
  @Override
  public boolean cloneFrom(InputFile source) throws IOException {
    MemoryNode unused = ((MemoryInputFile) source).node();
    return false;
  }

  @Override
  public void setOwner(long uid, long gid) throws IOException {
    node().setOwner(uid, gid);
  }

  @Override
  public void setPermissions(int permissions) throws IOException {
    node().setPermissions(permissions);
  }

  @Override
  public void setTimes(Timestamp modified) throws IOException {
    node().setTimes(modified);
  }

  @Override
  public void setXattr(String attribute, byte[] value) throws IOException {
    node().setXattr(attribute, value);
  }

  @Override
  public void sync() throws IOException {
    MemoryNode unused = node();
  }

  @Override
  public void close() {
    closed = true;
    node.tree.closed(this);
  }
}
