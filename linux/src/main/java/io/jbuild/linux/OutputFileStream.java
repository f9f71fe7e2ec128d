package io.jbuild.linux;

import java.io.IOException;
import java.io.OutputStream;

/** An {@link OutputFile} as a stream. */
final class OutputFileStream extends OutputStream {
  private final OutputFile file;

  OutputFileStream(OutputFile file) {
    this.file = file;
  }

  @Override
  public void write(int b) throws IOException {
    file.write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    file.write(from, offset, length);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
