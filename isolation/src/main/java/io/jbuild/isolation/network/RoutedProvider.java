package io.jbuild.isolation.network;

import io.jbuild.linux.Errno;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.netlink.FilterSocket;
import io.jbuild.linux.netlink.FilterSocket.Chain;
import io.jbuild.linux.netlink.FilterSocket.Hook;
import io.jbuild.linux.netlink.RouteSocket;
import io.jbuild.linux.netlink.Rule;
import io.jbuild.linux.netlink.TokenBucket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * For root: a pair of interfaces for each sandbox, and a table of the packet filter that gives what
 * they send the machine's address.
 *
 * <p>The name of a pair is the lease of its addresses: the kernel lets nobody take it twice, and it
 * is free again when the interface is gone, which is with the sandbox's network namespace.
 */
final class RoutedProvider implements Provider {
  private static final String INSIDE = "eth0";
  private static final int USUAL_MTU = 1500;
  private static final int SOURCE_NAT = 100;
  private static final Path SYSCTL = Path.of("/proc/sys/net");

  private final RouteSocket routes;
  private final FilterSocket filter;
  private final AddressPool pool;
  private final Optional<Uplink> uplink;
  private final boolean v6;
  private final boolean forwards;
  private final List<String> notices = new ArrayList<>();
  private final ResolverFile resolver;
  private final AtomicInteger lastSlot;

  private RoutedProvider(RouteSocket routes, FilterSocket filter, AddressPool pool)
      throws IOException {
    this.routes = routes;
    this.filter = filter;
    this.pool = pool;
    uplink = Uplink.v4(routes);
    v6 = Uplink.v6(routes).isPresent() && isOn(SYSCTL.resolve("ipv6/conf/all/forwarding"));
    forwards = isOn(SYSCTL.resolve("ipv4/conf/default/forwarding"));
    resolver = reachableServers();
    lastSlot = new AtomicInteger(ThreadLocalRandom.current().nextInt(pool.slots()));
  }

  /**
   * @param wanted the addresses to use; else some that this machine does not
   * @throws LinuxException EPERM without the right, EPROTONOSUPPORT without nf_tables
   */
  static RoutedProvider open(Optional<AddressPool> wanted) throws IOException {
    FilterSocket filter = FilterSocket.open();
    try {
      RouteSocket routes = RouteSocket.open();
      try {
        return open(routes, filter, wanted);
      } catch (IOException e) {
        routes.close();
        throw e;
      }
    } catch (IOException e) {
      filter.close();
      throw e;
    }
  }

  private static RoutedProvider open(
      RouteSocket routes, FilterSocket filter, Optional<AddressPool> wanted) throws IOException {
    AddressPool pool = wanted.isPresent() ? wanted.get() : choose(routes);
    RoutedProvider provider = new RoutedProvider(routes, filter, pool);
    provider.makeTable();
    provider.forwardFromUplink();
    provider.lookForOtherFilters();
    return provider;
  }

  private static AddressPool choose(RouteSocket routes) throws IOException {
    return AddressPool.choose(routes.routes(), routes.links())
        .orElseThrow(
            () ->
                new NoPrivateNetworkException(
                    "routes of this machine cover every range of addresses that jbuild knows: name"
                        + " a free one by "
                        + PrivateNetworks.POOL_VARIABLE));
  }

  /** What stays in the range is not changed, and is dropped: sandboxes do not see one another. */
  private void makeTable() throws IOException {
    List<Rule> masks = new ArrayList<>();
    masks.add(mask(pool));
    if (v6) {
      masks.add(mask(AddressPool.V6));
    }
    Rule apart =
        Rule.that().comesFrom(AddressPool.LINK_PREFIX).goesTo(AddressPool.LINK_PREFIX).isDropped();
    filter.addTable(
        "jbuild-"
            + Long.toHexString(ProcessHandle.current().pid())
            + "-"
            + Long.toHexString(System.nanoTime()),
        List.of(
            new Chain("leave", "nat", Hook.AFTER_ROUTING, SOURCE_NAT, masks),
            new Chain("apart", "filter", Hook.FORWARD, 0, List.of(apart))));
  }

  private static Rule mask(AddressPool pool) {
    return Rule.that()
        .isKindOf(pool.network())
        .isFrom(pool.network(), pool.prefix(), true)
        .isFor(pool.network(), pool.prefix(), false)
        .isMasked();
  }

  /** A packet is forwarded when the interface that it came by forwards: answers come by this. */
  private void forwardFromUplink() throws IOException {
    if (uplink.isPresent()) {
      forwardFrom(uplink.get().name());
    } else {
      notices.add("this machine has no way out, and neither have private networks on it");
    }
  }

  private static void forwardFrom(String link) throws IOException {
    Path file = SYSCTL.resolve("ipv4/conf").resolve(link).resolve("forwarding");
    if (isOn(file)) {
      return;
    }
    try {
      Files.writeString(file, "1");
    } catch (IOException e) {
      throw new NoPrivateNetworkException(
          "this machine does not forward packets, and \""
              + file
              + "\" cannot be written: set net.ipv4.ip_forward=1",
          e);
    }
  }

  private static boolean isOn(Path file) throws IOException {
    return Files.isReadable(file) && Files.readString(file).strip().equals("1");
  }

  /** What one table lets through another may drop, and ours has no say in that. */
  private void lookForOtherFilters() throws IOException {
    for (FilterSocket.Found chain : filter.chains(Hook.FORWARD)) {
      if (chain.drops()) {
        notices.add(
            "the packet filter's chain "
                + chain.name()
                + " of table "
                + chain.table()
                + " drops forwarded packets: private networks may have no way out; let "
                + AddressPool.LINK_PREFIX
                + "* through there");
        return;
      }
    }
  }

  private ResolverFile reachableServers() throws IOException {
    if (uplink.isEmpty()) {
      return ResolverFile.ofOutside(v6);
    }
    ReachableServers found = ReachableServers.find(v6);
    notices.addAll(found.notices());
    return found.resolver();
  }

  @Override
  public String means() {
    return "veth and nftables";
  }

  @Override
  public List<String> notices() {
    return List.copyOf(notices);
  }

  @Override
  public ResolverFile resolver() {
    return resolver;
  }

  @Override
  public Optional<InetAddress> host() {
    return uplink.flatMap(Uplink::source);
  }

  @Override
  public Closeable connect(RouteSocket inside, int pid, Rates rates) throws IOException {
    int mtu = uplink.map(Uplink::mtu).orElse(USUAL_MTU);
    int slot = makePair(pid, mtu);
    String name = AddressPool.linkName(slot);
    int outer = routes.link(name).index();
    if (!forwards) {
      forwardFrom(name);
    }
    int inner = inside.link(INSIDE).index();
    inside.bringUp(inner);
    if (rates.in().isPresent()) {
      routes.limitRate(outer, new TokenBucket(rates.in().getAsLong(), mtu));
    }
    if (rates.out().isPresent()) {
      inside.limitRate(inner, new TokenBucket(rates.out().getAsLong(), mtu));
    }
    address(inside, inner, outer, pool, slot);
    if (v6) {
      address(inside, inner, outer, AddressPool.V6, slot);
    }
    return () -> {}; // the kernel removes the pair with the namespace, off the caller's path
  }

  private void address(RouteSocket inside, int inner, int outer, AddressPool from, int slot)
      throws IOException {
    int prefix = 8 * from.network().getAddress().length - 1;
    routes.addAddress(outer, from.gateway(slot), prefix);
    inside.addAddress(inner, from.sandbox(slot), prefix);
    inside.addDefaultRoute(from.gateway(slot), inner);
  }

  /** Takes the next free name, and with it its addresses. */
  private int makePair(int pid, int mtu) throws IOException {
    for (int attempt = 0; attempt < pool.slots(); attempt++) {
      int slot = 1 + Math.floorMod(lastSlot.incrementAndGet(), pool.slots());
      try {
        routes.addPair(AddressPool.linkName(slot), INSIDE, pid, mtu);
        return slot;
      } catch (LinuxException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
    }
    throw new IOException("all addresses of " + pool + " are in use by sandboxes");
  }

  @Override
  public void close() {
    routes.close();
    filter.close();
  }
}
