package io.jbuild.registry.http;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/** Scheme, host and port of an address (RFC 6454): the border that no credential crosses. */
public record Origin(String scheme, String host, int port) {

  public Origin {
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("scheme " + Shown.quoted(scheme));
    }
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(Shown.quoted(host + ":" + port));
    }
  }

  /**
   * The origin of an address.
   *
   * @throws IOException if it is not an absolute http or https address, or carries user information
   */
  public static Origin of(URI uri) throws IOException {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new RefusedAddressException(
          "address " + Shown.quoted(scheme + ":…") + ": only http and https with a host name");
    }
    if (uri.getRawUserInfo() != null) {
      throw new RefusedAddressException(
          "address " + Shown.quoted(Shown.address(uri)) + ": carries a user name");
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    if (port < 1 || port > 65535) {
      throw new RefusedAddressException("address " + Shown.quoted(Shown.address(uri)) + ": port");
    }
    return new Origin(scheme, host.toLowerCase(Locale.ROOT), port);
  }

  public boolean isHttps() {
    return scheme.equals("https");
  }

  public boolean isLoopback() {
    return HostNames.isLoopback(host);
  }

  /** {@code https://host[:port]}, without a default port. */
  @Override
  public String toString() {
    boolean defaultPort = port == (isHttps() ? 443 : 80);
    return scheme + "://" + host + (defaultPort ? "" : ":" + port);
  }
}
