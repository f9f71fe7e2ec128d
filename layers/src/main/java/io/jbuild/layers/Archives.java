package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarReader;
import io.jbuild.linux.Dir;
import io.jbuild.linux.TreePath;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Archives of files, as ADD and import take them: a tar, plain or compressed with gzip, bzip2, xz
 * or zstd, known by its content and never by its name.
 */
public final class Archives {
  /** What the xz decoder may use: the presets up to -9 need 65 MiB. */
  private static final int XZ_KIBIBYTES = 128 << 10;

  private static final int BLOCK = 512;

  private Archives() {}

  /** Whose an unpacked file becomes. */
  public record Owner(long uid, long gid) {
    public Owner {
      if (uid < 0 || uid > TarEntry.MAX_ID || gid < 0 || gid > TarEntry.MAX_ID) {
        throw new IllegalArgumentException("owner " + uid + ":" + gid);
      }
    }
  }

  /**
   * The uncompressed tar, if that is what the stream is: a compressed file that holds no tar is
   * none. The stream stays the caller's, who has to open it anew if it was none.
   */
  public static Optional<InputStream> open(InputStream in, ApplyLimits limits) throws IOException {
    return open(in, limits, false);
  }

  /**
   * As {@link #open}, of what can be nothing but an archive: one of zero blocks alone is empty
   * then, as tar(1) has it, and no file of zeros.
   */
  public static Optional<InputStream> openArchive(InputStream in, ApplyLimits limits)
      throws IOException {
    return open(in, limits, true);
  }

  private static Optional<InputStream> open(InputStream in, ApplyLimits limits, boolean emptyToo)
      throws IOException {
    byte[] head = in.readNBytes(ArchiveFormat.HEAD);
    Optional<ArchiveFormat> format =
        emptyToo && isZero(head) ? Optional.of(ArchiveFormat.TAR) : ArchiveFormat.detect(head);
    if (format.isEmpty()) {
      return Optional.empty();
    }
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), notClosing(in));
    InputStream plain;
    byte[] inner;
    try {
      plain = Decompression.limited(whole, limits, raw -> decompress(format.get(), raw));
      inner = plain.readNBytes(ArchiveFormat.HEAD);
    } catch (BadArchiveException e) {
      // It only begins like an archive.
      return Optional.empty();
    }
    boolean empty = emptyToo && isZero(inner);
    if (!empty && ArchiveFormat.detect(inner).filter(ArchiveFormat.TAR::equals).isEmpty()) {
      plain.close();
      return Optional.empty();
    }
    return Optional.of(new SequenceInputStream(new ByteArrayInputStream(inner), plain));
  }

  private static boolean isZero(byte[] head) {
    return head.length >= BLOCK && Arrays.equals(head, new byte[head.length]);
  }

  private static InputStream decompress(ArchiveFormat format, InputStream in) throws IOException {
    return switch (format) {
      case TAR -> in;
      case GZIP -> new GzipReader(in);
      case ZSTD -> Decompression.zstd(in);
      case BZIP2 -> foreign("bzip2", raw -> new BZip2CompressorInputStream(raw, true), in);
      case XZ -> foreign("xz", raw -> xz(raw), in);
    };
  }

  private static InputStream xz(InputStream raw) throws IOException {
    return XZCompressorInputStream.builder()
        .setInputStream(raw)
        .setDecompressConcatenated(true)
        .setMemoryLimitKiB(XZ_KIBIBYTES)
        .get();
  }

  private interface Opener {
    InputStream open(InputStream in) throws IOException;
  }

  /** Of a library's stream any failure means that the data is bad. */
  private static InputStream foreign(String name, Opener opener, InputStream in)
      throws IOException {
    InputStream opened;
    try {
      opened = opener.open(new BufferedInputStream(in, 1 << 16));
    } catch (IOException | RuntimeException e) {
      throw new BadArchiveException(name + ": " + e.getMessage(), e);
    }
    return new FilterInputStream(opened) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        try {
          return super.read(into, offset, length);
        } catch (IOException | RuntimeException e) {
          throw new BadArchiveException(name + ": " + e.getMessage(), e);
        }
      }
    };
  }

  /**
   * Unpacks a tar from {@link #open} below a directory of a layer that is being made; {@link
   * LayerScanner} then gives its tar. That directory is the root of whatever the archive names:
   * symlinks do not lead out of it. Directories that are only implied get their attributes from
   * below, and symlinks there are followed. What an archive says of its own root is left out.
   *
   * @param owner whose all files become; else they stay whose the archive says
   * @param warnings takes one line for each entry that is left out
   */
  public static long unpack(
      InputStream tar,
      Dir root,
      TreePath directory,
      Optional<Owner> owner,
      LowerView lower,
      ApplyLimits limits,
      Consumer<String> warnings)
      throws IOException {
    UnpackTarget target = new UnpackTarget(false, directory, owner);
    try (LayerUnpacking unpacking = new LayerUnpacking(root, target, lower, warnings)) {
      long entries =
          unpacking.applyAll(
              new TarReader(new BufferedInputStream(tar, 1 << 16), limits.tar()), limits);
      drain(tar);
      unpacking.finish();
      return entries;
    }
  }

  /** What follows the archive counts for nothing, but the compression's checksum stands there. */
  private static void drain(InputStream rest) throws IOException {
    long unused = rest.transferTo(OutputStream.nullOutputStream());
  }

  private static InputStream notClosing(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public void close() {}
    };
  }
}
