package io.jbuild.isolation.network;

import io.jbuild.linux.netlink.Addresses;
import io.jbuild.linux.netlink.RouteSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Private addresses, two for each sandbox: an even one for the machine's end of its pair of
 * interfaces, and the next one for its own.
 *
 * @param network its first address
 * @param prefix 16 or 24 bits
 */
record AddressPool(InetAddress network, int prefix) {
  /** The names of the machine's ends; a number follows, and whoever has the name has the number. */
  static final String LINK_PREFIX = "jbuild";

  private static final List<AddressPool> USUAL =
      List.of(
          of(10, 203, 16),
          of(10, 219, 16),
          of(172, 29, 16),
          of(172, 27, 16),
          of(10, 187, 16),
          new AddressPool(Addresses.of(new byte[] {(byte) 192, (byte) 168, (byte) 227, 0}), 24));

  /** The IPv6 network of all: from the private range, with "jbuil" for its random part. */
  static final AddressPool V6 =
      new AddressPool(
          Addresses.of(
              new byte[] {(byte) 0xfd, 'j', 'b', 'u', 'i', 'l', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
          64);

  private static AddressPool of(int first, int second, int prefix) {
    return new AddressPool(Addresses.of(first << 24 | second << 16), prefix);
  }

  /** Reads {@code 10.9.0.0/16}, or a /24. */
  static Optional<AddressPool> parse(String text) {
    int slash = text.indexOf('/');
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    Optional<InetAddress> network =
        slash < 0 ? Optional.empty() : Addresses.parse(text.substring(0, slash));
    if (network.isEmpty() || !Addresses.isV4(network.get()) || !bits.matches("16|24")) {
      return Optional.empty();
    }
    AddressPool pool = new AddressPool(network.get(), Integer.parseInt(bits));
    return (Addresses.number(pool.network) & ~pool.mask()) == 0
        ? Optional.of(pool)
        : Optional.empty();
  }

  /** The first of the usual ones that no route of this machine leads into, but sandboxes' own. */
  static Optional<AddressPool> choose(
      List<RouteSocket.Route> routes, List<RouteSocket.Link> links) {
    Set<Integer> ours =
        links.stream()
            .filter(link -> link.name().startsWith(LINK_PREFIX))
            .map(RouteSocket.Link::index)
            .collect(Collectors.toSet());
    return USUAL.stream()
        .filter(
            pool ->
                routes.stream()
                    .filter(route -> !ours.contains(route.link()))
                    .noneMatch(pool::overlaps))
        .findFirst();
  }

  /** A default route overlaps everything, and does not count. */
  private boolean overlaps(RouteSocket.Route route) {
    if (route.prefix() == 0 || route.destination().isEmpty()) {
      return false;
    }
    int common = mask(Math.min(prefix, route.prefix()));
    return ((Addresses.number(network) ^ Addresses.number(route.destination().get())) & common)
        == 0;
  }

  private int mask() {
    return mask(prefix);
  }

  private static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << (32 - prefix);
  }

  /** How many sandboxes have room: the first and the last pair look like no hosts' addresses. */
  int slots() {
    return (1 << (31 - prefix)) - 2;
  }

  /** The machine's end, of a slot from 1 on. */
  InetAddress gateway(int slot) {
    return address(2 * slot);
  }

  InetAddress sandbox(int slot) {
    return address(2 * slot + 1);
  }

  private InetAddress address(int offset) {
    byte[] bytes = network.getAddress();
    bytes[bytes.length - 1] = (byte) offset;
    bytes[bytes.length - 2] |= (byte) (offset >>> 8);
    return Addresses.of(bytes);
  }

  static String linkName(int slot) {
    return LINK_PREFIX + slot;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
