package io.jbuild.isolation;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a sandbox's /etc/hosts and /etc/resolv.conf say beyond the usual.
 *
 * @param hosts lines for /etc/hosts
 * @param servers asked instead of the machine's name servers
 * @param searches domains tried instead of the machine's; one that is "." stands for none at all
 * @param options of the resolver, instead of the machine's
 */
public record NameService(
    List<Host> hosts, List<InetAddress> servers, List<String> searches, List<String> options) {
  /** As the machine has it. */
  public static final NameService USUAL =
      new NameService(List.of(), List.of(), List.of(), List.of());

  /** Resolvers pass over what follows: MAXNS of glibc and musl. */
  public static final int MAX_SERVERS = 3;

  private static final int MAX_SEARCHES = 32;

  public NameService {
    hosts = List.copyOf(hosts);
    servers = List.copyOf(servers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
    if (servers.size() > MAX_SERVERS || searches.size() > MAX_SEARCHES) {
      throw new IllegalArgumentException(
          servers.size() + " servers, " + searches.size() + " names");
    }
    for (String word : searches) {
      requireWord(word);
    }
    for (String word : options) {
      requireWord(word);
    }
  }

  /** Whether the resolver is as the machine's. */
  boolean isUsualResolver() {
    return servers.isEmpty() && searches.isEmpty() && options.isEmpty();
  }

  /** A line of /etc/hosts; without an address it names the machine that the sandbox is on. */
  public record Host(String name, Optional<InetAddress> address) {
    public Host {
      requireWord(name);
    }
  }

  /** Whether it can stand in a line of these files: no space, no control character, no "#". */
  public static boolean isWord(String text) {
    return text.matches("[!-\"$-~]{1,253}");
  }

  private static void requireWord(String text) {
    if (!isWord(text)) {
      throw new IllegalArgumentException("not a word of resolv.conf: \"" + text + "\"");
    }
  }
}
