package io.jbuild.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The attributes of a received message, or of one attribute; of two with one type the last. */
final class Attributes {
  private static final int TYPE = 0x3fff;

  private final Map<Integer, byte[]> byType = new HashMap<>();

  /** Reads to the end; what is cut off there is passed over. */
  static Attributes parse(ByteBuffer from) {
    Attributes attributes = new Attributes();
    ByteBuffer in = from.slice().order(ByteOrder.nativeOrder());
    while (in.remaining() >= 4) {
      int length = in.getShort() & 0xffff;
      int type = in.getShort() & TYPE;
      if (length < 4 || length - 4 > in.remaining()) {
        return attributes;
      }
      byte[] value = new byte[length - 4];
      in.get(value);
      attributes.byType.put(type, value);
      in.position(Math.min(in.limit(), in.position() + (-length & 3)));
    }
    return attributes;
  }

  Optional<byte[]> find(int type) {
    return Optional.ofNullable(byType.get(type));
  }

  OptionalInt number(int type) {
    byte[] value = byType.get(type);
    return value == null || value.length < 4
        ? OptionalInt.empty()
        : OptionalInt.of(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt());
  }

  OptionalInt netNumber(int type) {
    byte[] value = byType.get(type);
    return value == null || value.length < 4
        ? OptionalInt.empty()
        : OptionalInt.of(ByteBuffer.wrap(value).getInt());
  }

  /** Without the NUL that ends it; empty where there is none. */
  String text(int type) {
    String text = new String(byType.getOrDefault(type, new byte[0]), StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  Attributes nested(int type) {
    return parse(ByteBuffer.wrap(byType.getOrDefault(type, new byte[0])));
  }
}
