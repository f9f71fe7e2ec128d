package io.jbuild.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A netlink message in the making: a fixed part and then attributes. Everything begins at a
 * multiple of four; numbers are in the order of the machine unless a method says otherwise.
 */
final class Message {
  static final int REQUEST = 0x1;
  static final int ACK = 0x4;
  static final int DUMP = 0x300;
  static final int REPLACE = 0x100;
  static final int EXCLUSIVE = 0x200;
  static final int CREATE = 0x400;
  static final int APPEND = 0x800;

  static final int HEADER_BYTES = 16;

  private static final int FLAGS = 6;
  private static final int SEQUENCE = 8;
  private static final int NESTED = 0x8000;

  /** No request here comes near it. */
  private static final int MOST = 4096;

  private final ByteBuffer bytes = ByteBuffer.allocate(MOST).order(ByteOrder.nativeOrder());

  /** A request; with {@link #ACK} among the flags the kernel answers in any case. */
  Message(int type, int flags) {
    bytes.putInt(0).putShort((short) type).putShort((short) (REQUEST | flags)).putInt(0).putInt(0);
  }

  Message u8(int value) {
    bytes.put((byte) value);
    return this;
  }

  Message u16(int value) {
    bytes.putShort((short) value);
    return this;
  }

  Message u32(long value) {
    bytes.putInt((int) value);
    return this;
  }

  Message attribute(int type, byte[] value) {
    bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    return align();
  }

  Message number(int type, long value) {
    ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
    number.putInt((int) value);
    return attribute(type, number.array());
  }

  Message bigNumber(int type, long value) {
    ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    number.putLong(value);
    return attribute(type, number.array());
  }

  /** A number in the order of the network, as the packet filter wants them. */
  Message netNumber(int type, int value) {
    return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
  }

  /** With the NUL that ends it. */
  Message text(int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return attribute(type, Arrays.copyOf(text, text.length + 1));
  }

  /** An attribute that has attributes. */
  Message nested(int type, Consumer<Message> content) {
    int start = bytes.position();
    bytes.putShort((short) 0).putShort((short) (NESTED | type));
    content.accept(this);
    bytes.putShort(start, (short) (bytes.position() - start));
    return align();
  }

  private Message align() {
    while (bytes.position() % 4 != 0) {
      bytes.put((byte) 0);
    }
    return this;
  }

  boolean wantsAnswer() {
    return (bytes.getShort(FLAGS) & (ACK | DUMP)) != 0;
  }

  /** The whole, to be sent under a number that the answer repeats. */
  byte[] finished(int sequence) {
    align();
    bytes.putInt(0, bytes.position()).putInt(SEQUENCE, sequence);
    byte[] whole = new byte[bytes.position()];
    bytes.get(0, whole);
    return whole;
  }
}
