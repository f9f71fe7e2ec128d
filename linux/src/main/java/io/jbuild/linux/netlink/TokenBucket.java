package io.jbuild.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The queueing discipline {@code tbf}: packets wait until there are tokens for their bytes.
 *
 * @param bitsPerSecond of whole frames, as {@code tc} counts them
 * @param mtu of the interface
 */
public record TokenBucket(long bitsPerSecond, int mtu) {
  static final int HANDLE = 0x10000;
  static final long ROOT = 0xffffffffL;

  private static final int KIND = 1;
  private static final int OPTIONS = 2;
  private static final int PARAMETERS = 1;
  private static final int RATE_64 = 4;
  private static final int BURST = 6;
  private static final int ETHERNET = 1;

  /** What may go at once: 5 ms, but some frames at least, or nothing large would ever go. */
  private static final int BURSTS_PER_SECOND = 200;

  private static final int LEAST_FRAMES = 4;
  private static final int FRAME_HEADER = 22;

  /** What may wait: 50 ms, but a large send at least. */
  private static final int QUEUES_PER_SECOND = 20;

  private static final int LEAST_QUEUE = 128 << 10;
  private static final long MOST_32 = 0xffffffffL;

  public TokenBucket {
    if (bitsPerSecond < 8) {
      throw new IllegalArgumentException("a rate of " + bitsPerSecond + " bit/s");
    }
  }

  Message describe(Message request) {
    long rate = bitsPerSecond / 8;
    long least = (long) LEAST_FRAMES * (mtu + FRAME_HEADER);
    long burst = Math.min(MOST_32, Math.max(rate / BURSTS_PER_SECOND, least));
    long queue = Math.min(MOST_32, burst + Math.max(rate / QUEUES_PER_SECOND, LEAST_QUEUE));
    return request
        .text(KIND, "tbf")
        .nested(
            OPTIONS,
            options ->
                options
                    .attribute(PARAMETERS, parameters(Math.min(MOST_32, rate), queue))
                    .bigNumber(RATE_64, rate)
                    .number(BURST, burst));
  }

  /** {@code tc_tbf_qopt}: rate, no peak rate, and the room for what waits. */
  private static byte[] parameters(long rate, long queue) {
    ByteBuffer bytes = ByteBuffer.allocate(36).order(ByteOrder.nativeOrder());
    bytes.put(1, (byte) ETHERNET).putInt(8, (int) rate).putInt(24, (int) queue);
    return bytes.array();
  }
}
