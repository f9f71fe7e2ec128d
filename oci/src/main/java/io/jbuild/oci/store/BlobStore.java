package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * Contents by digest. Reading verifies: whoever reads a stream to its end has the content that the
 * digest names, or gets a {@link BlobCorruptException}.
 */
public interface BlobStore {

  /** The size of a blob that is there. Its content is not looked at. */
  OptionalLong size(Digest digest) throws IOException;

  /**
   * The content, verified at its end; the caller closes. A blob that is not there is a {@link
   * BlobMissingException}.
   */
  InputStream open(Digest digest) throws IOException;

  /**
   * A place to write a blob of which only the algorithm is known. Closing it without a commit
   * leaves nothing behind.
   */
  BlobIngest begin(Digest.Algorithm algorithm) throws IOException;

  /** A place to write exactly this blob; more bytes than its size are refused as they come. */
  BlobIngest begin(Descriptor expected) throws IOException;

  default boolean has(Digest digest) throws IOException {
    return size(digest).isPresent();
  }

  /** Whether the blob is there with the descriptor's size. */
  default boolean has(Descriptor descriptor) throws IOException {
    OptionalLong size = size(descriptor.digest());
    return size.isPresent() && size.getAsLong() == descriptor.size();
  }

  /** The content, which must have the descriptor's size as well; the caller closes. */
  default InputStream open(Descriptor descriptor) throws IOException {
    OptionalLong size = size(descriptor.digest());
    if (size.isPresent() && size.getAsLong() != descriptor.size()) {
      throw new BlobCorruptException(
          descriptor.digest(),
          "it has " + size.getAsLong() + " bytes, expected " + descriptor.size());
    }
    return open(descriptor.digest());
  }

  /** A small blob whole, verified. */
  default byte[] read(Digest digest, int limit) throws IOException {
    try (InputStream in = open(digest)) {
      byte[] content = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new IOException("blob " + digest + " is larger than the limit of " + limit);
      }
      return content;
    }
  }

  /** A small blob whole, verified. */
  default byte[] read(Descriptor descriptor, int limit) throws IOException {
    try (InputStream in = open(descriptor)) {
      if (descriptor.size() > limit) {
        throw new IOException(
            "blob " + descriptor.digest() + " is larger than the limit of " + limit);
      }
      return in.readAllBytes();
    }
  }

  /** Stores bytes under their SHA-256. Storing them again touches nothing. */
  default Digest put(byte[] content) throws IOException {
    Digest digest = Digest.sha256(content);
    if (!has(Descriptor.of("application/octet-stream", digest, content.length))) {
      try (BlobIngest ingest = begin(Digest.Algorithm.SHA256)) {
        ingest.write(content);
        ingest.commit(digest);
      }
    }
    return digest;
  }
}
