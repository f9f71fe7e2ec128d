package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Digester;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalLong;

/** A blob being written to a temporary file, hashed on the way. */
final class FileIngest extends BlobIngest {
  private static final int BUFFER = 1 << 16;

  private final ContentStore store;
  private final TemporaryFile file;
  private final Optional<Descriptor> expected;
  private final Digester digester;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private long size;
  private boolean failed;
  private boolean finished;

  FileIngest(
      ContentStore store,
      TemporaryFile file,
      Digest.Algorithm algorithm,
      Optional<Descriptor> expected) {
    this.store = store;
    this.file = file;
    this.expected = expected;
    this.digester = algorithm.newDigester();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    requireOpen();
    if (expected.isPresent() && length > expected.get().size() - size) {
      failed = true;
      throw new BlobCorruptException(
          expected.get().digest(), "more than the " + expected.get().size() + " bytes told");
    }
    // Failed until the bytes are taken: an error on the way must not be followed by a commit.
    failed = true;
    take(bytes, offset, length);
    failed = false;
  }

  private void take(byte[] bytes, int offset, int length) throws IOException {
    digester.update(bytes, offset, length);
    size += length;
    if (length > buffer.remaining()) {
      flushBuffer();
    }
    if (length > buffer.remaining()) {
      writeFully(ByteBuffer.wrap(bytes, offset, length));
    } else {
      buffer.put(bytes, offset, length);
    }
  }

  private void flushBuffer() throws IOException {
    writeFully(buffer.flip());
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    FileChannel channel = file.channel();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public Digest commit() throws IOException {
    return commit(expected.map(Descriptor::digest));
  }

  @Override
  public Digest commit(Digest wanted) throws IOException {
    if (expected.isPresent() && !expected.get().digest().equals(wanted)) {
      throw new IllegalArgumentException(
          "begun for " + expected.get() + ", committed as " + wanted);
    }
    return commit(Optional.of(wanted));
  }

  private Digest commit(Optional<Digest> wanted) throws IOException {
    requireOpen();
    finished = true;
    try (file) {
      Digest found = verify(wanted);
      if (!isThere(found)) {
        flushBuffer();
        file.channel().force(true);
        store.publish(file.path(), found);
      }
      return found;
    }
  }

  /** One of another size is damaged, and is replaced. */
  private boolean isThere(Digest digest) throws IOException {
    OptionalLong there = store.size(digest);
    return there.isPresent() && there.getAsLong() == size;
  }

  private Digest verify(Optional<Digest> wanted) throws IOException {
    if (expected.isPresent() && size < expected.get().size()) {
      throw new BlobCorruptException(
          expected.get().digest(),
          "ends after " + size + " of " + expected.get().size() + " bytes");
    }
    Digest found = digester.finish();
    if (wanted.isPresent() && !wanted.get().equals(found)) {
      throw BlobCorruptException.digest(wanted.get(), found);
    }
    return found;
  }

  private void requireOpen() throws IOException {
    if (finished) {
      throw new IllegalStateException("the ingest is closed");
    }
    if (failed) {
      throw new IOException("an earlier write to this blob failed");
    }
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      finished = true;
      file.close();
    }
  }
}
