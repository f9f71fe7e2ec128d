package io.jbuild.layers;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.jbuild.layers.tar.BadArchiveException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.ForkJoinPool;

/**
 * Decompresses what a layer may be compressed with, within limits. No other program is ever run for
 * it.
 */
final class Decompression {
  /** 128 MiB of memory, what {@code zstd --ultra} without {@code --long} uses at most. */
  private static final int LARGEST_WINDOW_LOG = 27;

  private Decompression() {}

  /**
   * The uncompressed bytes; the given stream stays the caller's, and is read to its end with this
   * one.
   */
  static InputStream ofLayer(InputStream blob, ApplyLimits limits) throws IOException {
    byte[] head = blob.readNBytes(ArchiveFormat.HEAD);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), notClosing(blob));
    ArchiveFormat format = ArchiveFormat.detect(head).orElse(ArchiveFormat.TAR);
    return limited(whole, limits, raw -> decompress(format, raw));
  }

  private static InputStream decompress(ArchiveFormat format, InputStream in) throws IOException {
    return switch (format) {
      case TAR -> in;
      case GZIP -> gzip(in);
      case ZSTD -> zstd(in);
      case BZIP2, XZ ->
          throw new BadArchiveException("layer: " + format + " is not a compression for layers");
    };
  }

  interface Codec {
    InputStream open(InputStream compressed) throws IOException;
  }

  /** Decompresses, and stops at the limits. */
  static InputStream limited(InputStream compressed, ApplyLimits limits, Codec codec)
      throws IOException {
    CountingStream counting = new CountingStream(compressed);
    return new LimitedStream(codec.open(counting), counting, limits);
  }

  /** On the JVM's own pool: the tasks are short and wait for nothing. */
  private static InputStream gzip(InputStream compressed) {
    int ahead = Math.min(8, 2 * Runtime.getRuntime().availableProcessors());
    return new GzipMembers(compressed, ForkJoinPool.commonPool(), ahead);
  }

  static InputStream zstd(InputStream compressed) throws IOException {
    ZstdInputStreamNoFinalizer in =
        new ZstdInputStreamNoFinalizer(new BufferedInputStream(compressed, 1 << 16));
    in.setLongMax(LARGEST_WINDOW_LOG);
    return new ZstdErrors(in);
  }

  private static InputStream notClosing(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public void close() {}
    };
  }

  /** The library's errors, in our words. */
  private static final class ZstdErrors extends FilterInputStream {
    ZstdErrors(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (ZstdIOException e) {
        throw new BadArchiveException("zstd: " + e.getMessage(), e);
      }
    }
  }

  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }

  /** Ends a bomb while it goes off. */
  private static final class LimitedStream extends FilterInputStream {
    private final CountingStream compressed;
    private final ApplyLimits limits;
    private long count;

    LimitedStream(InputStream in, CountingStream compressed, ApplyLimits limits) {
      super(in);
      this.compressed = compressed;
      this.limits = limits;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      count += Math.max(0, read);
      if (count > limits.bytes()) {
        throw new BadArchiveException("layer: more than " + limits.bytes() + " bytes uncompressed");
      }
      if (count > ApplyLimits.HARMLESS && count / limits.expansion() > compressed.count) {
        throw new BadArchiveException(
            "layer: "
                + compressed.count
                + " bytes become more than "
                + count
                + " (the limit is "
                + limits.expansion()
                + " for one)");
      }
      return read;
    }
  }
}
