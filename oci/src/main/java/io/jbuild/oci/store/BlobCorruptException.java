package io.jbuild.oci.store;

import io.jbuild.oci.Digest;
import java.io.IOException;

/** Content is not what its digest or size says: bit rot here, or a lie from elsewhere. */
public final class BlobCorruptException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Digest expected;

  public BlobCorruptException(Digest expected, String what) {
    super("blob " + expected + " is corrupt: " + what);
    this.expected = expected;
  }

  static BlobCorruptException digest(Digest expected, Digest found) {
    return new BlobCorruptException(expected, "its content is " + found);
  }

  public Digest expected() {
    return expected;
  }
}
