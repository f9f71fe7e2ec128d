package io.jbuild.builder.instruction;

import java.util.Optional;

/** Numbers as Buildfiles write them: digits only, no sign, no blanks. */
final class Numbers {
  private static final int MAX_DIGITS = 18;

  private Numbers() {}

  static Optional<Long> unsigned(String digits, int radix, long max) {
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      return Optional.empty();
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return Optional.empty();
      }
      value = value * radix + digit;
    }
    return value <= max ? Optional.of(value) : Optional.empty();
  }
}
