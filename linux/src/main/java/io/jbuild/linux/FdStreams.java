package io.jbuild.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** Descriptors as Java streams, unbuffered; closing the stream closes the descriptor. */
public final class FdStreams {
  private FdStreams() {}

  /**
   * Reads a descriptor. A read waits in native code until there is something or every writer is
   * gone; closing the stream from another thread does not wake it.
   */
  public static InputStream input(Fd fd) {
    return new Input(fd);
  }

  /** Writes a descriptor. */
  public static OutputStream output(Fd fd) {
    return new Output(fd);
  }

  private static final class Input extends InputStream {
    private final Fd fd;

    Input(Fd fd) {
      this.fd = fd;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      return FdIo.read(fd.number(), into, offset, length);
    }

    @Override
    public void close() {
      fd.close();
    }
  }

  private static final class Output extends OutputStream {
    private final Fd fd;

    Output(Fd fd) {
      this.fd = fd;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, from.length);
      FdIo.write(fd.number(), from, offset, length);
    }

    @Override
    public void close() throws IOException {
      fd.closeWritten();
    }
  }
}
