package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Digester;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * Passes content on and compares it with its digest at the end, and with its size on the way.
 * Reading to the end is what verifies; the end is reported only after the content was found right.
 */
public final class VerifyingInputStream extends FilterInputStream {
  private final Digest expected;
  private final OptionalLong size;
  private final Digester digester;
  private long count;
  private boolean verified;

  private VerifyingInputStream(InputStream in, Digest expected, OptionalLong size) {
    super(in);
    this.expected = expected;
    this.size = size;
    this.digester = expected.algorithm().newDigester();
  }

  public static VerifyingInputStream of(InputStream in, Digest expected) {
    return new VerifyingInputStream(in, expected, OptionalLong.empty());
  }

  /** Reads at most one byte more than the descriptor's size. */
  public static VerifyingInputStream of(InputStream in, Descriptor expected) {
    return new VerifyingInputStream(in, expected.digest(), OptionalLong.of(expected.size()));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = in.read(buffer, offset, length);
    if (read < 0) {
      verify();
      return -1;
    }
    count += read;
    if (size.isPresent() && count > size.getAsLong()) {
      throw new BlobCorruptException(expected, "more than the " + size.getAsLong() + " bytes told");
    }
    digester.update(buffer, offset, read);
    return read;
  }

  /** By reading: what is skipped unseen cannot be verified. */
  @Override
  public long skip(long bytes) throws IOException {
    byte[] buffer = new byte[(int) Math.max(0, Math.min(bytes, 1 << 16))];
    long skipped = 0;
    while (skipped < bytes) {
      int read = read(buffer, 0, (int) Math.min(buffer.length, bytes - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void verify() throws IOException {
    if (verified) {
      return;
    }
    if (size.isPresent() && count < size.getAsLong()) {
      throw new BlobCorruptException(
          expected, "ends after " + count + " of " + size.getAsLong() + " bytes");
    }
    Digest found = digester.finish();
    if (!found.equals(expected)) {
      throw BlobCorruptException.digest(expected, found);
    }
    verified = true;
  }
}
