package io.jbuild.layers.tar;

import io.jbuild.linux.Timestamp;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The records of one PAX extended header: {@code "<length> <key>=<value>\n"}, values as bytes. */
final class PaxRecords {
  static final String XATTR = "SCHILY.xattr.";
  static final PaxRecords NONE = new PaxRecords(new TreeMap<>(), List.of());

  private final SortedMap<String, byte[]> values;

  /** Offsets and lengths in turn, from the repeated keys of GNU's sparse format 0.0. */
  private final List<byte[]> sparsePairs;

  private PaxRecords(SortedMap<String, byte[]> values, List<byte[]> sparsePairs) {
    this.values = values;
    this.sparsePairs = sparsePairs;
  }

  static PaxRecords parse(byte[] body) throws BadArchiveException {
    SortedMap<String, byte[]> values = new TreeMap<>();
    List<byte[]> pairs = new ArrayList<>();
    int at = 0;
    while (at < body.length) {
      int space = indexOf(body, (byte) ' ', at, Math.min(body.length, at + 12));
      OptionalLong length = space < 0 ? OptionalLong.empty() : TarNumbers.decimal(body, at, space);
      // The shortest record, "5 a=\n", still has a key and both delimiters behind its length.
      if (length.isEmpty()
          || length.getAsLong() > body.length - at
          || length.getAsLong() < space - at + 4) {
        throw new BadArchiveException("PAX header: a record's length is wrong at byte " + at);
      }
      int end = at + (int) length.getAsLong();
      int equals = indexOf(body, (byte) '=', space + 1, end);
      if (equals <= space + 1 || body[end - 1] != '\n') {
        throw new BadArchiveException(
            "PAX header: a record without key, '=' or newline at byte " + at);
      }
      String key = new String(body, space + 1, equals - space - 1, StandardCharsets.ISO_8859_1);
      add(values, pairs, key, Arrays.copyOfRange(body, equals + 1, end - 1));
      at = end;
    }
    return new PaxRecords(values, pairs);
  }

  private static void add(
      SortedMap<String, byte[]> values, List<byte[]> pairs, String key, byte[] value)
      throws BadArchiveException {
    if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      if (key.endsWith("offset") != (pairs.size() % 2 == 0)) {
        throw new BadArchiveException("PAX header: sparse offsets and lengths do not alternate");
      }
      pairs.add(value);
    } else if (values.put(key, value) != null) {
      // Readers disagree about which one counts, and whoever made this may be counting on it.
      throw new BadArchiveException("PAX header: " + quoted(key) + " appears twice");
    }
  }

  private static int indexOf(byte[] in, byte what, int from, int to) {
    for (int i = from; i < to; i++) {
      if (in[i] == what) {
        return i;
      }
    }
    return -1;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  boolean isSparse() {
    return !sparsePairs.isEmpty()
        || values.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
  }

  List<byte[]> sparsePairs() {
    return sparsePairs;
  }

  Optional<byte[]> raw(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** A name; empty where there is none, or an empty one, which stands for the header's own. */
  Optional<byte[]> name(String key) throws BadArchiveException {
    byte[] value = values.get(key);
    if (value == null || value.length == 0) {
      return Optional.empty();
    }
    if (indexOf(value, (byte) 0, 0, value.length) >= 0) {
      throw new BadArchiveException("PAX header: " + key + " contains a NUL byte");
    }
    return Optional.of(value);
  }

  OptionalLong number(String key) throws BadArchiveException {
    byte[] value = values.get(key);
    if (value == null || value.length == 0) {
      return OptionalLong.empty();
    }
    OptionalLong number = TarNumbers.decimal(value, 0, value.length);
    if (number.isEmpty()) {
      throw new BadArchiveException(
          "PAX header: " + quoted(key) + " is not a number: " + Quoted.of(value));
    }
    return number;
  }

  /**
   * Seconds with an optional sign and fraction, nothing else: no exponent that would take for ever.
   */
  Optional<Timestamp> time(String key) throws BadArchiveException {
    byte[] value = values.get(key);
    if (value == null || value.length == 0) {
      return Optional.empty();
    }
    String text = new String(value, StandardCharsets.ISO_8859_1);
    if (!text.matches("-?[0-9]{1,18}(\\.[0-9]{0,30})?")) {
      throw new BadArchiveException(
          "PAX header: " + quoted(key) + " is not a time: " + Quoted.of(value));
    }
    BigDecimal time = new BigDecimal(text.endsWith(".") ? text + "0" : text);
    BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
    BigDecimal nanos = time.subtract(seconds).movePointRight(9).setScale(0, RoundingMode.FLOOR);
    return Optional.of(new Timestamp(seconds.longValueExact(), nanos.intValueExact()));
  }

  SortedMap<String, byte[]> xattrs() throws BadArchiveException {
    SortedMap<String, byte[]> found = new TreeMap<>();
    for (Map.Entry<String, byte[]> each : values.tailMap(XATTR).entrySet()) {
      if (!each.getKey().startsWith(XATTR)) {
        break;
      }
      String name = each.getKey().substring(XATTR.length());
      if (name.isEmpty() || name.indexOf('\0') >= 0) {
        throw new BadArchiveException(
            "PAX header: the attribute name " + quoted(name) + " is not valid");
      }
      found.put(name, each.getValue());
    }
    return found;
  }

  /** Refuses what would change the identity of every following entry. */
  void requireHarmlessForAll() throws BadArchiveException {
    for (String key : values.keySet()) {
      if (key.equals("path")
          || key.equals("linkpath")
          || key.equals("size")
          || key.startsWith(XATTR)) {
        throw new BadArchiveException("global PAX header: " + quoted(key) + " is not allowed");
      }
    }
    if (isSparse()) {
      throw new BadArchiveException("global PAX header: a sparse map is not allowed");
    }
  }

  /** These records, and behind them those of a global header. */
  PaxRecords over(PaxRecords global) {
    if (global.values.isEmpty()) {
      return this;
    }
    SortedMap<String, byte[]> both = new TreeMap<>(global.values);
    both.putAll(values);
    return new PaxRecords(both, sparsePairs);
  }

  private static String quoted(String latin1) {
    return Quoted.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The body of an extended header, keys in order. */
  static byte[] encode(SortedMap<String, byte[]> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    values.forEach(
        (key, value) -> {
          byte[] keyBytes = key.getBytes(StandardCharsets.ISO_8859_1);
          int rest = keyBytes.length + value.length + 3;
          int length = rest + digits(rest);
          // The length counts its own digits, which may push it over a power of ten.
          length = rest + digits(length);
          out.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
          out.write(' ');
          out.writeBytes(keyBytes);
          out.write('=');
          out.writeBytes(value);
          out.write('\n');
        });
    return out.toByteArray();
  }

  private static int digits(int number) {
    return Integer.toString(number).length();
  }
}
