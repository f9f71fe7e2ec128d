package io.jbuild.linux;

import java.io.IOException;
import java.io.InputStream;

/** An {@link InputFile} as a stream. */
final class InputFileStream extends InputStream {
  private final InputFile file;

  InputFileStream(InputFile file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return file.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return file.read(into, offset, length);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
