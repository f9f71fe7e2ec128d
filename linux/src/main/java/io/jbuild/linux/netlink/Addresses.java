package io.jbuild.linux.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Internet addresses as numbers; no name is ever looked up. */
public final class Addresses {
  private static final Pattern DOTTED = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private Addresses() {}

  /** Reads {@code 192.0.2.1} or {@code 2001:db8::1}, without scope or brackets. */
  public static Optional<InetAddress> parse(String text) {
    if (!DOTTED.matcher(text).matches() && !COLONS.matcher(text).matches()) {
      return Optional.empty();
    }
    for (String part : text.contains(":") ? new String[0] : text.split("\\.", -1)) {
      if (Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** The number that is the address; of an IPv4 address only. */
  public static int number(InetAddress address) {
    byte[] bytes = address.getAddress();
    return (bytes[0] & 0xff) << 24
        | (bytes[1] & 0xff) << 16
        | (bytes[2] & 0xff) << 8
        | (bytes[3] & 0xff);
  }

  /** The IPv4 address of a number. */
  public static InetAddress of(int number) {
    byte[] bytes = {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
    return of(bytes);
  }

  /** The address of four or sixteen bytes. */
  public static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
    }
  }

  public static boolean isV4(InetAddress address) {
    return address instanceof Inet4Address;
  }
}
