package io.jbuild.registry;

import io.jbuild.registry.http.HostNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, in either case, with the rules that
 * other container tools follow: entries of NO_PROXY are hosts or domains, {@code *} means all, and
 * loopback addresses are never proxied.
 */
public final class EnvironmentProxies extends ProxySelector {
  private final Optional<Proxy> https;
  private final Optional<Proxy> http;
  private final List<String> direct;

  private EnvironmentProxies(Optional<Proxy> https, Optional<Proxy> http, List<String> direct) {
    this.https = https;
    this.http = http;
    this.direct = direct;
  }

  /**
   * The environment's proxies, or nothing if it names none.
   *
   * @throws IOException if one cannot be understood, or needs a password, which is not supported
   */
  public static Optional<ProxySelector> of(Map<String, String> environment) throws IOException {
    Optional<Proxy> https = proxy(environment, "HTTPS_PROXY");
    Optional<Proxy> http = proxy(environment, "HTTP_PROXY");
    if (https.isEmpty() && http.isEmpty()) {
      return Optional.empty();
    }
    List<String> direct =
        List.of(variable(environment, "NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+", -1));
    return Optional.of(new EnvironmentProxies(https, http, direct));
  }

  private static String variable(Map<String, String> environment, String name) {
    String lower = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    return lower.isEmpty() ? environment.getOrDefault(name, "") : lower;
  }

  private static Optional<Proxy> proxy(Map<String, String> environment, String name)
      throws IOException {
    String text = variable(environment, name).strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "http://" + text);
    } catch (java.net.URISyntaxException e) {
      throw new IOException(name + ": not an address"); // it may hold a password: not shown
    }
    if (uri.getHost() == null || !"http".equalsIgnoreCase(uri.getScheme())) {
      throw new IOException(name + ": only http://host:port is supported");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IOException(name + ": a proxy with a password is not supported");
    }
    int port = uri.getPort() < 0 ? 80 : uri.getPort();
    // Unresolved: the HTTP client looks it up when it connects, and says so when it cannot.
    SocketAddress address = InetSocketAddress.createUnresolved(uri.getHost(), port);
    return Optional.of(new Proxy(Proxy.Type.HTTP, address));
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    Optional<Proxy> proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
    boolean straight = HostNames.isLoopback(host) || isDirect(host, uri.getPort());
    return List.of(straight ? Proxy.NO_PROXY : proxy.orElse(Proxy.NO_PROXY));
  }

  private boolean isDirect(String host, int port) {
    for (String entry : direct) {
      String domain = entry.startsWith("*.") ? entry.substring(1) : entry;
      String bare = domain.startsWith(".") ? domain.substring(1) : domain;
      boolean below = !bare.isEmpty() && host.endsWith("." + bare);
      boolean same = entry.equals(host) || entry.equals(host + ":" + port);
      if (entry.equals("*") || same || below) {
        return true;
      }
    }
    return false;
  }

  /** The request itself fails with the reason; there is nothing to learn from it here. */
  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}
