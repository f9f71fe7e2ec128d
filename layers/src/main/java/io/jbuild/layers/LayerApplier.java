package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.TarReader;
import io.jbuild.linux.Dir;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Digester;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * Unpacks somebody else's layer into an empty directory as overlayfs wants it, and verifies its
 * diffID.
 *
 * <p>The layer is hostile until proven otherwise: nothing outside the directory is ever touched,
 * and what is refused is a {@link BadArchiveException} that names the entry. After any exception
 * the directory holds rubbish, and belongs to an ingest that is closed without a commit.
 */
public final class LayerApplier {
  private final ApplyLimits limits;
  private final LowerView lower;
  private final Consumer<String> warnings;

  /**
   * @param warnings takes one line for each entry that is left out
   */
  public LayerApplier(ApplyLimits limits, Consumer<String> warnings) {
    this(limits, LowerView.NOTHING, warnings);
  }

  /**
   * @param lower gives directories that the layer only implies the attributes that they have below
   */
  public LayerApplier(ApplyLimits limits, LowerView lower, Consumer<String> warnings) {
    this.limits = limits;
    this.lower = lower;
    this.warnings = warnings;
  }

  /**
   * Unpacks a blob, plain or gzip or zstd whatever it is said to be, and reads it to its end.
   *
   * @param expected the diffID that the image's config gives
   */
  public LayerSummary apply(InputStream blob, Dir target, DiffId expected) throws IOException {
    LayerSummary summary = unpack(blob, target, expected.digest().algorithm());
    if (!summary.diffId().equals(expected)) {
      throw new BadArchiveException(
          "layer: its diffID is " + summary.diffId() + ", expected " + expected);
    }
    return summary;
  }

  /** As {@link #apply(InputStream, Dir, DiffId)} for a tar that nobody made promises about. */
  public LayerSummary apply(InputStream blob, Dir target) throws IOException {
    return unpack(blob, target, Digest.Algorithm.SHA256);
  }

  private LayerSummary unpack(InputStream blob, Dir target, Digest.Algorithm algorithm)
      throws IOException {
    HashingStream hashing = new HashingStream(Decompression.ofLayer(blob, limits), algorithm);
    try (InputStream tar = new AheadInputStream(hashing, "layer-reader");
        LayerUnpacking unpacking =
            new LayerUnpacking(target, UnpackTarget.LAYER, lower, warnings)) {
      TarReader reader = new TarReader(new BufferedInputStream(tar, 1 << 16), limits.tar());
      long entries = unpacking.applyAll(reader, limits);
      unpacking.finish();
      // What follows the end of the archive is never unpacked, but the diffID covers it.
      tar.transferTo(OutputStream.nullOutputStream());
      return new LayerSummary(
          new DiffId(hashing.digester.finish()), hashing.count, entries, LayerSummary.Form.FOREIGN);
    }
  }

  private static final class HashingStream extends FilterInputStream {
    private final Digester digester;
    private long count;

    HashingStream(InputStream in, Digest.Algorithm algorithm) {
      super(in);
      digester = algorithm.newDigester();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read > 0) {
        digester.update(into, offset, read);
        count += read;
      }
      return read;
    }
  }
}
