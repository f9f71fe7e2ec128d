package io.jbuild.oci.store;

import io.jbuild.oci.Digest;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A blob being written. {@link #commit()} publishes it; closing it before leaves nothing behind,
 * and closing it after changes nothing. For one thread.
 */
public abstract class BlobIngest extends OutputStream {

  /** Bytes written so far. */
  public abstract long size();

  /**
   * Makes the content durable and visible under its digest. If it was begun for an expected blob
   * and is another, that is a {@link BlobCorruptException} and nothing is stored. If the blob is
   * there already, it stays as it is.
   */
  public abstract Digest commit() throws IOException;

  /** Like {@link #commit()}, if the content has this digest. */
  public abstract Digest commit(Digest expected) throws IOException;

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }
}
