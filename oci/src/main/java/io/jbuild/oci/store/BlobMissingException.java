package io.jbuild.oci.store;

import io.jbuild.oci.Digest;
import java.io.IOException;

/** A blob is not in the store. */
public final class BlobMissingException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Digest digest;

  public BlobMissingException(Digest digest) {
    super("blob " + digest + " is not here");
    this.digest = digest;
  }

  public Digest digest() {
    return digest;
  }
}
