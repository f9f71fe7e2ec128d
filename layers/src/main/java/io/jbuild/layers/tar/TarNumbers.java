package io.jbuild.layers.tar;

import java.util.OptionalLong;

/**
 * The two ways in which tar headers hold numbers: octal text, and GNU's base-256 with the first bit
 * set.
 */
final class TarNumbers {
  private TarNumbers() {}

  /**
   * Empty when the field is neither octal nor a base-256 number that fits a long. A blank field is
   * 0.
   */
  static OptionalLong parse(byte[] block, int offset, int length) {
    return (block[offset] & 0x80) != 0
        ? base256(block, offset, length)
        : octal(block, offset, length);
  }

  private static OptionalLong octal(byte[] block, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end && block[at] == ' ') {
      at++;
    }
    long value = 0;
    while (at < end && block[at] >= '0' && block[at] <= '7') {
      value = value << 3 | (block[at++] - '0');
    }
    for (; at < end; at++) {
      if (block[at] != ' ' && block[at] != 0) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(value);
  }

  private static OptionalLong base256(byte[] block, int offset, int length) {
    boolean negative = (block[offset] & 0x40) != 0;
    // The first byte's marker bit is dropped; what is left is a big-endian two's complement number.
    long value = negative ? block[offset] : block[offset] & 0x7f;
    for (int i = 1; i < length; i++) {
      if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
        return OptionalLong.empty();
      }
      value = value << 8 | (block[offset + i] & 0xff);
    }
    return OptionalLong.of(value);
  }

  static boolean fitsOctal(long value, int digits) {
    return value >= 0 && (digits * 3 >= 63 || value < 1L << (digits * 3));
  }

  /** Zero-padded octal in {@code digits} places; the caller leaves the terminator zero. */
  static void putOctal(byte[] block, int offset, int digits, long value) {
    long rest = value;
    for (int i = offset + digits - 1; i >= offset; i--) {
      block[i] = (byte) ('0' + (rest & 7));
      rest >>>= 3;
    }
  }

  /** Decimal digits only, at most 18 of them; empty otherwise. */
  static OptionalLong decimal(byte[] text, int from, int to) {
    if (to <= from || to - from > 18) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return OptionalLong.empty();
      }
      value = value * 10 + (text[i] - '0');
    }
    return OptionalLong.of(value);
  }
}
