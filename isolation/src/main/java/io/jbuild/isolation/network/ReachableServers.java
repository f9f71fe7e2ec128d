package io.jbuild.isolation.network;

import io.jbuild.linux.netlink.Addresses;
import java.io.IOException;
import java.util.List;

/** The name servers for a network namespace of its own, and what is to be said of them. */
record ReachableServers(ResolverFile resolver, List<String> notices) {
  ReachableServers {
    notices = List.copyOf(notices);
  }

  /** On a machine that has a way out. */
  static ReachableServers find(boolean v6) throws IOException {
    ResolverFile found = ResolverFile.ofOutside(v6);
    if (!found.servers().isEmpty()) {
      return new ReachableServers(found, List.of());
    }
    return new ReachableServers(
        found.withServers(List.of(Addresses.of(0x08080808), Addresses.of(0x08080404))),
        List.of(
            "this machine's name servers are on its loopback, out of reach for private networks:"
                + " they ask 8.8.8.8 and 8.8.4.4; name others by --dns"));
  }
}
