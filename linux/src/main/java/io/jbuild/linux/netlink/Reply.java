package io.jbuild.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One received message.
 *
 * @param body what follows the header, in the order of the machine
 */
record Reply(int type, int flags, int sequence, ByteBuffer body) {
  static final int ERROR = 2;
  static final int DONE = 3;

  private static final int INTERRUPTED = 0x10;
  private static final int CAPPED = 0x100;
  private static final int HAS_ATTRIBUTES = 0x200;
  private static final int KERNELS_WORDS = 1;

  /** Takes the next message of a datagram. */
  static Reply take(ByteBuffer datagram) {
    int start = datagram.position();
    int length = datagram.getInt();
    int type = datagram.getShort() & 0xffff;
    int flags = datagram.getShort() & 0xffff;
    int sequence = datagram.getInt();
    int bodyLength = Math.max(0, Math.min(length, datagram.limit() - start) - Message.HEADER_BYTES);
    ByteBuffer body = datagram.slice(start + Message.HEADER_BYTES, bodyLength);
    datagram.position(Math.min(datagram.limit(), start + ((length + 3) & ~3)));
    return new Reply(type, flags, sequence, body.order(ByteOrder.nativeOrder()));
  }

  boolean isError() {
    return type == ERROR;
  }

  boolean isDone() {
    return type == DONE;
  }

  /** Whether what a dump tells of changed while it was told. */
  boolean isInterrupted() {
    return (flags & INTERRUPTED) != 0;
  }

  /** Of an answer: 0, or the errno as a positive number. */
  int errno() {
    return body.remaining() < 4 ? 0 : -body.getInt(0);
  }

  /** What the kernel says of the error, which most of its parts do not. */
  String kernelsWords() {
    if ((flags & HAS_ATTRIBUTES) == 0 || body.limit() < 4 + Message.HEADER_BYTES) {
      return "";
    }
    int request = (flags & CAPPED) != 0 ? Message.HEADER_BYTES : (body.getInt(4) + 3) & ~3;
    int start = Math.min(body.limit(), 4 + request);
    return Attributes.parse(body.slice(start, body.limit() - start)).text(KERNELS_WORDS);
  }

  /** The attributes after a fixed part. */
  Attributes attributes(int fixed) {
    int start = Math.min(fixed, body.limit());
    return Attributes.parse(body.slice(start, body.limit() - start));
  }
}
