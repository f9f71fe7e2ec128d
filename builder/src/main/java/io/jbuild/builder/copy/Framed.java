package io.jbuild.builder.copy;

import io.jbuild.builder.context.ContentDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A digest of fields, each with its length in front: joined fields have collided in other builders
 * and reused wrong layers.
 */
final class Framed {
  private static final int LONGEST_NUMBER = 10;

  private final MessageDigest sha256 = ContentDigest.sha256();

  /** Fields are small and many: the digest sees blocks of them. */
  private final byte[] buffer = new byte[1 << 13];

  private int filled;

  Framed bytes(byte[] field) {
    number(field.length);
    if (field.length > buffer.length - filled) {
      flush();
    }
    if (field.length > buffer.length) {
      sha256.update(field);
    } else {
      System.arraycopy(field, 0, buffer, filled, field.length);
      filled += field.length;
    }
    return this;
  }

  Framed text(String field) {
    return bytes(field.getBytes(StandardCharsets.UTF_8));
  }

  /** Seven bits a byte, the lowest first; the last byte is the one without its highest bit. */
  Framed number(long field) {
    if (buffer.length - filled < LONGEST_NUMBER) {
      flush();
    }
    long rest = field;
    while ((rest & ~0x7f) != 0) {
      buffer[filled++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[filled++] = (byte) rest;
    return this;
  }

  private void flush() {
    sha256.update(buffer, 0, filled);
    filled = 0;
  }

  ContentDigest digest() {
    flush();
    return ContentDigest.from(sha256);
  }
}
