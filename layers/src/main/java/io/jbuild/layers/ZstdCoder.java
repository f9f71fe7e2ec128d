package io.jbuild.layers;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Each block as a zstd frame of its own with its content's size and checksum, behind a skippable
 * frame that holds the compressed length: what pzstd writes, so that readers find the next frame
 * without decompressing this one.
 */
final class ZstdCoder implements BlockCoder {
  static final int BLOCK = 2 << 20;
  static final int SKIPPABLE_MAGIC = 0x184D2A50;
  static final int SKIPPABLE = 12;

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
    return ByteBuffer.allocate(SKIPPABLE + (int) size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(SKIPPABLE_MAGIC)
        .putInt(4)
        .putInt((int) size)
        .put(out, 0, (int) size)
        .array();
  }
}
