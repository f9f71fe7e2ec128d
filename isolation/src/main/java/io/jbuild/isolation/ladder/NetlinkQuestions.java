package io.jbuild.isolation.ladder;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The two requests by which doctor finds out what a network can be made of, as netlink has them.
 */
final class NetlinkQuestions {
  private static final int HEADER = 16;
  private static final int REQUEST = 1;
  private static final int ACKNOWLEDGE = 4;
  private static final int EXCLUSIVE = 0x200;
  private static final int CREATE = 0x400;
  private static final int NEW_LINK = 16;
  private static final int LINK_NAME = 3;
  private static final int LINK_INFO = 18;
  private static final int INFO_KIND = 1;
  private static final int INFO_DATA = 2;
  private static final int VETH_PEER = 1;
  private static final int LINK_HEADER = 16;
  private static final int BATCH_BEGIN = 0x10;
  private static final int BATCH_END = 0x11;
  private static final int NF_TABLES = 10;
  private static final int TABLE_NAME = 1;
  private static final int FAMILY_IPV4 = 2;

  private NetlinkQuestions() {}

  /** Makes a pair of interfaces. */
  static byte[] veth() {
    byte[] peer = join(new byte[LINK_HEADER], attribute(LINK_NAME, name("jbuild1")));
    byte[] info =
        join(attribute(INFO_KIND, name("veth")), attribute(INFO_DATA, attribute(VETH_PEER, peer)));
    byte[] body =
        join(
            new byte[LINK_HEADER],
            attribute(LINK_NAME, name("jbuild0")),
            attribute(LINK_INFO, info));
    return message(NEW_LINK, REQUEST | ACKNOWLEDGE | CREATE | EXCLUSIVE, body);
  }

  /** Makes an empty table of rules. */
  static byte[] table() {
    byte[] batch = {0, 0, 0, NF_TABLES};
    byte[] table = join(new byte[] {FAMILY_IPV4, 0, 0, 0}, attribute(TABLE_NAME, name("jbuild")));
    return join(
        message(BATCH_BEGIN, REQUEST, batch),
        message(NF_TABLES << 8, REQUEST | ACKNOWLEDGE | CREATE, table),
        message(BATCH_END, REQUEST, batch));
  }

  private static byte[] message(int type, int flags, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(HEADER + body.length).order(ByteOrder.nativeOrder());
    out.putInt(HEADER + body.length).putShort((short) type).putShort((short) flags);
    return out.putInt(1).putInt(0).put(body).array();
  }

  /** Padded to four bytes, which its length does not count. */
  private static byte[] attribute(int type, byte[] value) {
    int length = 4 + value.length;
    ByteBuffer out = ByteBuffer.allocate((length + 3) / 4 * 4).order(ByteOrder.nativeOrder());
    return out.putShort((short) length).putShort((short) type).put(value).array();
  }

  private static byte[] name(String text) {
    return (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
