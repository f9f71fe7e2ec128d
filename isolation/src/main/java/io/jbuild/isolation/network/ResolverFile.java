package io.jbuild.isolation.network;

import io.jbuild.linux.netlink.Addresses;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a resolv.conf says.
 *
 * @param servers without those that have a scope
 */
public record ResolverFile(List<InetAddress> servers, List<String> searches, List<String> options) {
  private static final Path OWN = Path.of("/etc/resolv.conf");

  /** Where systemd-resolved tells which servers it asks, while it is itself 127.0.0.53. */
  private static final Path RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");

  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_SERVERS = 3;

  public ResolverFile {
    servers = List.copyOf(servers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }

  /** As the machine itself uses it. */
  public static ResolverFile ofHost() throws IOException {
    return read(OWN);
  }

  /**
   * As a network namespace of its own can use it: the machine's loopback is out of reach there.
   *
   * @param v6 whether it can reach IPv6 servers
   */
  static ResolverFile ofOutside(boolean v6) throws IOException {
    ResolverFile own = read(OWN).reachable(v6);
    if (!own.servers().isEmpty()) {
      return own;
    }
    ResolverFile behind = read(RESOLVED).reachable(v6);
    return new ResolverFile(behind.servers(), own.searches(), own.options());
  }

  private ResolverFile reachable(boolean v6) {
    List<InetAddress> others =
        servers.stream()
            .filter(server -> !server.isLoopbackAddress() && !server.isLinkLocalAddress())
            .filter(server -> v6 || Addresses.isV4(server))
            .toList();
    return new ResolverFile(others, searches, options);
  }

  ResolverFile withServers(List<InetAddress> others) {
    return new ResolverFile(others, searches, options);
  }

  /** With what the caller has named in the place of what is here. */
  public ResolverFile replaced(
      List<InetAddress> newServers, List<String> newSearches, List<String> newOptions) {
    return new ResolverFile(
        newServers.isEmpty() ? servers : newServers,
        newSearches.isEmpty()
            ? searches
            : newSearches.stream().filter(s -> !s.equals(".")).toList(),
        newOptions.isEmpty() ? options : newOptions);
  }

  /** The machine's own file as it is, comments and all; empty where there is none. */
  public static byte[] hostBytes() throws IOException {
    return bytes(OWN);
  }

  static ResolverFile read(Path file) throws IOException {
    return parse(new String(bytes(file), StandardCharsets.ISO_8859_1));
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    }
  }

  /** Of several {@code search} lines the last one counts, of {@code options} all. */
  static ResolverFile parse(String text) {
    List<InetAddress> servers = new ArrayList<>();
    List<String> searches = List.of();
    List<String> options = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      List<String> words = List.of(line.strip().split("[ \t]+", -1));
      List<String> values = words.subList(1, words.size());
      switch (words.get(0)) {
        case "nameserver" -> server(values).ifPresent(servers::add);
        case "search", "domain" -> searches = values;
        case "options" -> options.addAll(values);
        default -> {}
      }
    }
    return new ResolverFile(
        servers.subList(0, Math.min(MAX_SERVERS, servers.size())), searches, options);
  }

  private static Optional<InetAddress> server(List<String> values) {
    return values.isEmpty() ? Optional.empty() : Addresses.parse(values.get(0));
  }

  /** The file. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (!searches.isEmpty()) {
      text.append("search ").append(String.join(" ", searches)).append('\n');
    }
    servers.forEach(s -> text.append("nameserver ").append(s.getHostAddress()).append('\n'));
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }
}
