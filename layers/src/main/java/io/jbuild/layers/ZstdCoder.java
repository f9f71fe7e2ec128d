package io.jbuild.layers;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;

/**
 * Each block as a zstd frame of its own, with its content's size and checksum. Nothing comes before
 * the first frame's magic number: containers/image (podman, skopeo) knows zstd by it alone, and
 * takes a stream that begins with a skippable frame, as pzstd's does, for uncompressed.
 */
final class ZstdCoder implements BlockCoder {
  static final int BLOCK = 2 << 20;

  private final int level;

  ZstdCoder(int level) {
    this.level = level;
  }

  @Override
  public int blockSize() {
    return BLOCK;
  }

  @Override
  public byte[] encode(byte[] block, int length) {
    byte[] out = new byte[(int) Zstd.compressBound(length)];
    long size = Zstd.compressByteArray(out, 0, out.length, block, 0, length, level, true);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
    }
    return Arrays.copyOf(out, (int) size);
  }
}
