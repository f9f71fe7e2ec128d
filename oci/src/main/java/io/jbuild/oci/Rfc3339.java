package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times as Go writes them in JSON: UTC, the fraction without trailing zeros. By hand, because the
 * JDK's formatter cuts fractions at three, six or nine digits and takes long to load.
 */
final class Rfc3339 {
  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4})-(\\d\\d)-(\\d\\d)[Tt](\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,9}))?"
              + "(?:[Zz]|([+-])(\\d\\d):(\\d\\d))");

  private Rfc3339() {}

  static Instant parse(String text) throws MalformedException {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw malformed(text);
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              number(matcher, 1),
              number(matcher, 2),
              number(matcher, 3),
              number(matcher, 4),
              number(matcher, 5),
              number(matcher, 6),
              nanos(matcher.group(7)));
      return local.toInstant(offset(matcher));
    } catch (DateTimeException e) {
      throw malformed(text);
    }
  }

  static String format(Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder(30);
    pad(out, time.getYear(), 4).append('-');
    pad(out, time.getMonthValue(), 2).append('-');
    pad(out, time.getDayOfMonth(), 2).append('T');
    pad(out, time.getHour(), 2).append(':');
    pad(out, time.getMinute(), 2).append(':');
    pad(out, time.getSecond(), 2);
    int nanos = time.getNano();
    if (nanos != 0) {
      pad(out.append('.'), nanos, 9);
      while (out.charAt(out.length() - 1) == '0') {
        out.setLength(out.length() - 1);
      }
    }
    return out.append('Z').toString();
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
  }

  private static ZoneOffset offset(Matcher matcher) {
    if (matcher.group(8) == null) {
      return ZoneOffset.UTC;
    }
    int sign = "-".equals(matcher.group(8)) ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(sign * number(matcher, 9), sign * number(matcher, 10));
  }

  private static StringBuilder pad(StringBuilder out, int value, int width) {
    String digits = Integer.toString(value);
    return out.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
  }

  private static MalformedException malformed(String text) {
    return new MalformedException("invalid time " + Printable.quote(text));
  }
}
