package io.jbuild.layers;

import io.jbuild.oci.Digest;
import io.jbuild.oci.Digester;
import java.io.IOException;
import java.io.OutputStream;

/** Hashes what is written and passes it on, in large pieces however small the writes were. */
final class DigestSink extends OutputStream {
  private final Digester digester = Digest.Algorithm.SHA256.newDigester();
  private final OutputStream next;
  private final byte[] buffer = new byte[1 << 16];
  private int filled;

  DigestSink(OutputStream next) {
    this.next = next;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    if (length > buffer.length - filled) {
      drain();
    }
    if (length >= buffer.length) {
      digester.update(from, offset, length);
      next.write(from, offset, length);
    } else {
      System.arraycopy(from, offset, buffer, filled, length);
      filled += length;
    }
  }

  private void drain() throws IOException {
    digester.update(buffer, 0, filled);
    next.write(buffer, 0, filled);
    filled = 0;
  }

  /** The digest of everything, once. */
  Digest finish() throws IOException {
    drain();
    return digester.finish();
  }
}
