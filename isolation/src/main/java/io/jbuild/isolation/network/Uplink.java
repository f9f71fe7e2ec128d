package io.jbuild.isolation.network;

import io.jbuild.linux.LinuxException;
import io.jbuild.linux.netlink.Addresses;
import io.jbuild.linux.netlink.RouteSocket;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The interface by which packets leave this machine.
 *
 * @param source what they come from, which is an address of the machine
 */
record Uplink(String name, int mtu, Optional<InetAddress> source) {
  /** Any public address will do to ask for the way; nothing is sent there. */
  private static final String SOMEWHERE_4 = "1.1.1.1";

  private static final String SOMEWHERE_6 = "2606:4700:4700::1111";

  static Optional<Uplink> v4(RouteSocket routes) throws LinuxException {
    return find(routes, SOMEWHERE_4);
  }

  static Optional<Uplink> v6(RouteSocket routes) throws LinuxException {
    return find(routes, SOMEWHERE_6);
  }

  private static Optional<Uplink> find(RouteSocket routes, String somewhere) throws LinuxException {
    RouteSocket.Route way;
    try {
      way = routes.routeTo(Addresses.parse(somewhere).orElseThrow());
    } catch (LinuxException e) {
      return Optional.empty(); // the kernel has as many errors for "no way" as kinds of routes
    }
    if (!way.isUnicast() || way.link() == 0) {
      return Optional.empty();
    }
    RouteSocket.Link link = routes.link(way.link());
    int mtu = way.mtu() > 0 ? Math.min(way.mtu(), link.mtu()) : link.mtu();
    return Optional.of(new Uplink(link.name(), mtu, way.source()));
  }
}
