package io.jbuild.linux.spawn;

/** Bytes that a user chose, made safe for a message. */
final class Printable {
  private Printable() {}

  static String of(byte[] text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text) {
      if (b >= 0x20 && b < 0x7f) {
        out.append((char) b);
      } else {
        out.append(String.format("\\x%02x", b & 0xff));
      }
    }
    return out.toString();
  }
}
