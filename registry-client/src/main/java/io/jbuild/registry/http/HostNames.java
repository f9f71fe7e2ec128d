package io.jbuild.registry.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** What can be told from the text of a host alone; nothing here asks the DNS. */
public final class HostNames {
  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  /**
   * A last label that is a number makes the C library and Java read the whole name as an IPv4
   * address: {@code 127.1}, {@code 2130706433}, {@code 0x7f.1}.
   */
  private static final Pattern ENDS_IN_NUMBER =
      Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");

  private HostNames() {}

  /** {@code localhost}, {@code 127.0.0.0/8} or {@code [::1]}. */
  public static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.equals("[::1]") || name.equals("::1")) {
      return true;
    }
    return DOTTED_QUAD.matcher(name).matches() && name.startsWith("127.");
  }

  /** Whether the host is a name, or an address literal that the public internet routes. */
  public static boolean isPublic(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.endsWith(".localhost") || name.endsWith(".")) {
      return false;
    }
    boolean six = name.startsWith("[") || name.indexOf(':') >= 0;
    if (!six && !ENDS_IN_NUMBER.matcher(name).matches()) {
      return true;
    }
    return (six || DOTTED_QUAD.matcher(name).matches()) && isPublicLiteral(name);
  }

  private static boolean isPublicLiteral(String literal) {
    InetAddress address;
    try {
      address = InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      return false;
    }
    byte[] raw = address.getAddress();
    boolean uniqueLocal = raw.length == 16 && (raw[0] & 0xfe) == 0xfc;
    boolean translated = raw.length == 16 && raw[0] == 0 && raw[1] == 0; // ::a.b.c.d and its kin
    boolean shared = raw.length == 4 && raw[0] == 100 && (raw[1] & 0xc0) == 64;
    boolean zero = raw.length == 4 && raw[0] == 0;
    return !(address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || uniqueLocal
        || translated
        || shared
        || zero);
  }
}
