package io.jbuild.builder.value;

import java.util.Locale;

/** Sizes such as {@code 64m}, {@code 1.5GiB}, {@code 512}: every unit is a power of 1024. */
public final class ByteSize {
  private static final String UNITS = "bkmgtp";
  private static final int UNIT_BITS = 10;

  private ByteSize() {}

  /**
   * The number of bytes.
   *
   * @throws IllegalArgumentException if the text is no size
   */
  public static long parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int end = 0;
    while (end < lower.length() && "0123456789.".indexOf(lower.charAt(end)) >= 0) {
      end++;
    }
    String unit = lower.substring(end).strip();
    int power = power(unit);
    double number = number(lower.substring(0, end));
    double bytes = number * (1L << (UNIT_BITS * Math.max(0, power)));
    if (power < 0 || number < 0 || bytes >= Long.MAX_VALUE) {
      throw new IllegalArgumentException("invalid size: '" + text + "'");
    }
    return (long) bytes;
  }

  private static double number(String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** 0 for bytes, 1 for k, …; -1 for what is no unit. */
  private static int power(String unit) {
    if (unit.isEmpty()) {
      return 0;
    }
    String rest = unit.substring(1);
    boolean known = rest.isEmpty() || rest.equals("b") || rest.equals("ib");
    int power = UNITS.indexOf(unit.charAt(0));
    return known && !(power == 0 && !rest.isEmpty()) ? power : -1;
  }
}
