package io.jbuild.layers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Each block as a gzip member of its own, compressed by the JDK. An extra field with the subfield
 * {@code JB} holds the member's whole length and that of its content, so that a reader finds the
 * next member without inflating this one.
 */
final class GzipCoder implements BlockCoder, AutoCloseable {
  static final int BLOCK = 1 << 20;

  /** Ten bytes of RFC 1952, two of the extra field's length, twelve of the field. */
  static final int HEADER = 24;

  private static final int TRAILER = 8;
  private static final byte[] START = {
    0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 255, 12, 0, 'J', 'B', 8, 0
  };

  private final int level;
  private final ConcurrentLinkedQueue<Deflater> idle = new ConcurrentLinkedQueue<>();

  /** Whether a member of ours begins like this, with lengths that ours can have. */
  static boolean isHeader(byte[] head) {
    if (head.length < HEADER || !Arrays.equals(head, 0, START.length, START, 0, START.length)) {
      return false;
    }
    ByteBuffer lengths = ByteBuffer.wrap(head, START.length, 8).order(ByteOrder.LITTLE_ENDIAN);
    int length = lengths.getInt();
    int content = lengths.getInt();
    return length >= HEADER + TRAILER && length <= 2 * BLOCK && content >= 0 && content <= BLOCK;
  }

  GzipCoder(int level) {
    this.level = level;
  }

  @Override
  public int blockSize() {
    return BLOCK;
  }

  @Override
  public byte[] encode(byte[] block, int length) {
    Deflater pooled = idle.poll();
    Deflater deflater = pooled != null ? pooled : new Deflater(level, true);
    byte[] out = new byte[HEADER + length + length / 1000 + 64 + TRAILER];
    deflater.setInput(block, 0, length);
    deflater.finish();
    int end = HEADER;
    while (!deflater.finished()) {
      if (end == out.length - TRAILER) {
        out = Arrays.copyOf(out, out.length * 2);
      }
      end += deflater.deflate(out, end, out.length - TRAILER - end);
    }
    deflater.reset();
    idle.add(deflater);
    CRC32 crc = new CRC32();
    crc.update(block, 0, length);
    ByteBuffer frame = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    frame.put(START).putInt(end + TRAILER).putInt(length);
    frame.position(end);
    frame.putInt((int) crc.getValue()).putInt(length);
    return Arrays.copyOf(out, end + TRAILER);
  }

  @Override
  public void close() {
    idle.forEach(Deflater::end);
    idle.clear();
  }
}
