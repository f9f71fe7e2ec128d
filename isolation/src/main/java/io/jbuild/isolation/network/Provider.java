package io.jbuild.isolation.network;

import io.jbuild.linux.netlink.RouteSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** One way to connect sandboxes. For any number of threads. */
interface Provider extends Closeable {
  /** By what it connects, in a word or three: {@code veth and nftables}. */
  String means();

  /** What the user should know of it, a line each. */
  List<String> notices();

  /** The name servers that a sandbox can reach, and what else its resolver is told. */
  ResolverFile resolver();

  /** Where a sandbox finds the machine that it is on. */
  Optional<InetAddress> host();

  /**
   * Connects a sandbox. When this returns, its interface has an address and the way out.
   *
   * @param inside speaks of the sandbox's network namespace
   * @param pid a process in it, which waits
   * @return to be closed with the sandbox
   */
  Closeable connect(RouteSocket inside, int pid, Rates rates) throws IOException;
}
