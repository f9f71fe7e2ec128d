package io.jbuild.builder.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;

/** Durations as Go reads and writes them: {@code 1h30m}, {@code 1.5s}, {@code 300ms}, {@code 0}. */
public final class GoDuration {
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int MAX_LENGTH = 64;

  private GoDuration() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if it is none, or longer than 292 years
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    if (rest.isEmpty() || text.length() > MAX_LENGTH) {
      throw invalid(text);
    }
    BigInteger nanos = BigInteger.ZERO;
    int at = 0;
    while (at < rest.length()) {
      int number = at;
      while (at < rest.length() && isDigitOrDot(rest.charAt(at))) {
        at++;
      }
      int unit = at;
      while (at < rest.length() && !isDigitOrDot(rest.charAt(at))) {
        at++;
      }
      nanos = nanos.add(nanos(rest.substring(number, unit), rest.substring(unit, at), text));
    }
    if (nanos.compareTo(MAX) > 0) {
      throw invalid(text);
    }
    Duration duration = Duration.ofNanos(nanos.longValue());
    return negative ? duration.negated() : duration;
  }

  /** As Go prints it: {@code 1m30s}, {@code 1.5s}, {@code 500ms}, {@code 0s}. */
  public static String print(Duration duration) {
    long nanos = duration.abs().toNanos();
    String sign = duration.isNegative() ? "-" : "";
    if (nanos == 0) {
      return "0s";
    } else if (nanos < 1_000) {
      return sign + nanos + "ns";
    } else if (nanos < 1_000_000) {
      return sign + decimal(nanos, 3) + "µs";
    } else if (nanos < 1_000_000_000) {
      return sign + decimal(nanos, 6) + "ms";
    }
    long minutes = nanos / 60_000_000_000L;
    String seconds = decimal(nanos % 60_000_000_000L, 9) + "s";
    String hours = minutes >= 60 ? minutes / 60 + "h" : "";
    return sign + hours + (minutes > 0 ? minutes % 60 + "m" : "") + seconds;
  }

  /**
   * For people: without the zeros that Go puts behind minutes and hours; {@code 5m}, {@code 1h}.
   */
  public static String brief(Duration duration) {
    return print(duration).replaceAll("(?<=m)0s$", "").replaceAll("(?<=h)0m$", "");
  }

  private static String decimal(long nanos, int places) {
    return nanos == 0
        ? "0"
        : BigDecimal.valueOf(nanos, places).stripTrailingZeros().toPlainString();
  }

  private static boolean isDigitOrDot(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static BigInteger nanos(String number, String unit, String text) {
    long factor =
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "" ->
              throw new IllegalArgumentException("missing unit in duration \"" + text + "\"");
          default -> throw invalid(text);
        };
    try {
      return new BigDecimal(number).multiply(BigDecimal.valueOf(factor)).toBigInteger();
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("invalid duration \"" + text + "\"");
  }
}
