package io.jbuild.linux;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A new regular file, open for writing at its end. For one thread at a time. Closing it can fail,
 * and then what was written is not to be trusted.
 */
public interface OutputFile extends Closeable {
  FileStat stat() throws IOException;

  /** Writes all remaining bytes of the buffer, best a direct one's. */
  void write(ByteBuffer from) throws IOException;

  /** Writes all these bytes. */
  void write(byte[] from, int offset, int length) throws IOException;

  /**
   * Makes this empty file share the other's blocks (FICLONE).
   *
   * @return false, with nothing changed, where the file systems cannot do that
   */
  boolean cloneFrom(InputFile source) throws IOException;

  /**
   * Fills this empty file with what is left of another: by sharing blocks where the file systems
   * can do that, else by copying, and then holes stay holes where that is possible.
   */
  default void copyFrom(InputFile source) throws IOException {
    byte[] buffer = new byte[1 << 17];
    for (int count = source.read(buffer, 0, buffer.length);
        count >= 0;
        count = source.read(buffer, 0, buffer.length)) {
      write(buffer, 0, count);
    }
  }

  void setOwner(long uid, long gid) throws IOException;

  void setPermissions(int permissions) throws IOException;

  /** Sets modification and access time; later writes change them again. */
  void setTimes(Timestamp modified) throws IOException;

  void setXattr(String attribute, byte[] value) throws IOException;

  /** Writes contents and attributes to the disk: fsync(2). */
  void sync() throws IOException;

  /** Appends to this file; closing the stream closes this file. */
  default OutputStream asStream() {
    return new OutputFileStream(this);
  }
}
