package io.jbuild.builder.web;

import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.store.Stores;
import io.jbuild.oci.Digest;
import io.jbuild.oci.store.BlobIngest;
import io.jbuild.registry.http.BodyTooLongException;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/** Keeps the body of an answer as a blob, if it is what it should be. */
final class Arrival {
  private static final int BUFFER = 1 << 16;

  private final Stores stores;
  private final Cancellation cancellation;
  private final Optional<Checksum> expected;
  private final long limit;

  /**
   * @param limit bytes that the file may have
   */
  Arrival(Stores stores, Cancellation cancellation, Optional<Checksum> expected, long limit) {
    this.stores = stores;
    this.cancellation = cancellation;
    this.expected = expected;
    this.limit = limit;
  }

  /**
   * What came.
   *
   * @param content empty when it has another checksum than was asked for, and was not kept
   * @param checksum of the algorithm that was asked for
   */
  record Kept(Optional<Digest> content, Optional<Checksum> checksum) {}

  /** Reads the body to its end. */
  Kept keep(Response response) throws IOException {
    if (response.contentLength().orElse(0) > limit) {
      throw tooLong();
    }
    Optional<MessageDigest> digester = expected.map(Checksum::newDigester);
    try (BlobIngest ingest = local(() -> stores.blobs().begin(Digest.Algorithm.SHA256))) {
      copy(response.body(), ingest, digester);
      Optional<Checksum> found = digester.map(each -> expected.get().of(each));
      boolean right = found.equals(expected);
      return new Kept(right ? Optional.of(local(ingest::commit)) : Optional.empty(), found);
    }
  }

  private void copy(InputStream body, BlobIngest ingest, Optional<MessageDigest> digester)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      cancellation.check();
      if (ingest.size() + count > limit) {
        throw tooLong();
      }
      write(ingest, buffer, count);
      if (digester.isPresent()) {
        digester.get().update(buffer, 0, count);
      }
    }
  }

  private BodyTooLongException tooLong() {
    return new BodyTooLongException("the file is larger than " + limit + " bytes");
  }

  /** Our own disk. */
  @FunctionalInterface
  private interface Local<T> {
    T call() throws IOException;
  }

  private static void write(BlobIngest ingest, byte[] buffer, int count) throws IOException {
    int unused =
        local(
            () -> {
              ingest.write(buffer, 0, count);
              return count;
            });
  }

  /** Another attempt to fetch mends nothing here. */
  private static <T> T local(Local<T> action) throws IOException {
    try {
      return action.call();
    } catch (IOException e) {
      throw new SourceException("keep what is fetched: " + e.getMessage(), e);
    }
  }
}
