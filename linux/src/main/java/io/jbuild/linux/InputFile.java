package io.jbuild.linux;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.SortedMap;

/** A regular file, open for reading at a position that starts at 0. For one thread at a time. */
public interface InputFile extends Closeable {
  /** As it was when it was opened. */
  FileStat stat() throws IOException;

  /** As it is now: whoever reads a file that others may write to compares both at the end. */
  FileStat statNow() throws IOException;

  /** Reads into the buffer's remaining bytes, best a direct one's; -1 at the end of the file. */
  int read(ByteBuffer into) throws IOException;

  /** Reads at most {@code length} bytes; -1 at the end of the file. */
  int read(byte[] into, int offset, int length) throws IOException;

  SortedMap<String, byte[]> xattrs() throws IOException;

  /** The bytes from the present position on; closing the stream closes this file. */
  default InputStream asStream() {
    return new InputFileStream(this);
  }
}
