package io.jbuild.linux;

import java.util.Arrays;

/**
 * One path component as the kernel sees it: any bytes but NUL and slash, not empty, not {@code .}
 * and not {@code ..}. It need not be UTF-8. The length is left to the file system, which answers
 * ENAMETOOLONG above 255 bytes.
 */
public final class Name implements Comparable<Name> {
  private final byte[] bytes;
  private final int hash;

  private Name(byte[] owned) {
    this.bytes = owned;
    this.hash = Arrays.hashCode(owned);
  }

  /** The name with the UTF-8 bytes of this text; a lone surrogate is refused. */
  public static Name of(String text) {
    return wrap(Utf8.bytes(text));
  }

  /** The name with a copy of these bytes. */
  public static Name of(byte[] bytes) {
    return wrap(bytes.clone());
  }

  /** Whether these bytes could be a name. */
  public static boolean isValid(byte[] bytes) {
    return isValid(bytes, 0, bytes.length);
  }

  static Name wrap(byte[] owned) {
    if (!isValid(owned)) {
      throw new IllegalArgumentException("not a file name: \"" + Printable.of(owned) + '"');
    }
    return new Name(owned);
  }

  /** A name that the kernel has told, which needs no check. */
  static Name fromKernel(byte[] owned) {
    return new Name(owned);
  }

  private static boolean isValid(byte[] bytes, int from, int to) {
    if (from == to || isDots(bytes, from, to)) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (bytes[i] == '/' || bytes[i] == 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDots(byte[] bytes, int from, int to) {
    return bytes[from] == '.' && (to - from == 1 || (to - from == 2 && bytes[from + 1] == '.'));
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes themselves, for this package, which does not change them. */
  byte[] raw() {
    return bytes;
  }

  public int length() {
    return bytes.length;
  }

  public boolean startsWith(byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  public boolean endsWith(byte[] suffix) {
    return bytes.length >= suffix.length
        && Arrays.equals(
            bytes, bytes.length - suffix.length, bytes.length, suffix, 0, suffix.length);
  }

  /** The name as text where it is valid UTF-8 throughout, exactly; else empty. */
  public java.util.Optional<String> text() {
    return Utf8.text(bytes);
  }

  /** Bytewise, unsigned: the order of {@code LC_ALL=C sort}. */
  @Override
  public int compareTo(Name other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Name that && hash == that.hash && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For people: escaped as by {@link Printable}. */
  @Override
  public String toString() {
    return Printable.of(bytes);
  }
}
