package io.jbuild.registry;

import java.io.IOException;
import java.io.InputStream;

/** A blob's bytes, readable as often as a transfer has to begin again. */
@FunctionalInterface
public interface BlobSource {

  /** The whole blob; the client closes the stream. */
  InputStream open() throws IOException;

  /** From {@code offset} on; worth overriding where skipping is cheaper than reading. */
  default InputStream openAt(long offset) throws IOException {
    InputStream stream = open();
    try {
      stream.skipNBytes(offset);
      return stream;
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }
}
