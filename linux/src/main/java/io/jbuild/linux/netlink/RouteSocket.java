package io.jbuild.linux.netlink;

import io.jbuild.linux.Fd;
import io.jbuild.linux.LinuxException;
import java.io.Closeable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Interfaces, addresses, routes and queues of one network namespace. For any number of threads. */
public final class RouteSocket implements Closeable {
  private static final int NEW_LINK = 16;
  private static final int GET_LINK = 18;
  private static final int NEW_ADDRESS = 20;
  private static final int NEW_ROUTE = 24;
  private static final int GET_ROUTE = 26;
  private static final int NEW_QUEUE = 36;

  private static final int LINK_BYTES = 16;
  private static final int NAME = 3;
  private static final int MTU = 4;
  private static final int LINK_INFO = 18;
  private static final int NAMESPACE_OF_PID = 19;
  private static final int KIND = 1;
  private static final int KIND_DATA = 2;
  private static final int PEER = 1;
  private static final int UP = 1;

  private static final int ADDRESS = 1;
  private static final int LOCAL = 2;
  private static final int NO_DUPLICATE_CHECK = 2;

  private static final int ROUTE_BYTES = 12;
  private static final int DESTINATION = 1;
  private static final int OUT_INTERFACE = 4;
  private static final int GATEWAY = 5;
  private static final int METRICS = 8;
  private static final int PREFERRED_SOURCE = 7;
  private static final int MTU_METRIC = 2;
  private static final int MAIN_TABLE = 254;
  private static final int STATIC = 4;
  private static final int UNICAST = 1;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private final NetlinkSocket socket;

  private RouteSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** A link as the kernel describes it. */
  public record Link(int index, String name, int mtu) {}

  /**
   * A route.
   *
   * @param destination empty for 0.0.0.0 and ::
   * @param source what packets on it come from, if it says so
   * @param mtu 0 where the interface's holds
   */
  public record Route(
      Optional<InetAddress> destination,
      int prefix,
      int type,
      int link,
      Optional<InetAddress> source,
      int mtu) {
    /** Whether it leads somewhere, and not to "unreachable". */
    public boolean isUnicast() {
      return type == UNICAST;
    }
  }

  /** Of the network namespace of the calling thread. */
  public static RouteSocket open() throws LinuxException {
    return new RouteSocket(NetlinkSocket.open(NetlinkSocket.ROUTE));
  }

  /** Takes over a socket that a process has made in its own network namespace. */
  public static RouteSocket owning(Fd fd) {
    return new RouteSocket(NetlinkSocket.owning(fd));
  }

  /**
   * Makes a pair of interfaces: one here, up, and one in the network namespace of a process, which
   * cannot be up before it has its peer. EEXIST where the name is taken here.
   */
  public void addPair(String name, String peerName, int peerPid, int mtu) throws LinuxException {
    Message request = link(new Message(NEW_LINK, newOne()), 0, UP).text(NAME, name);
    request
        .number(MTU, mtu)
        .nested(
            LINK_INFO,
            info ->
                info.text(KIND, "veth")
                    .nested(
                        KIND_DATA,
                        data ->
                            data.nested(
                                PEER,
                                peer ->
                                    link(peer, 0, 0)
                                        .text(NAME, peerName)
                                        .number(MTU, mtu)
                                        .number(NAMESPACE_OF_PID, peerPid))));
    socket.execute("make the pair of network interfaces " + name + " and " + peerName, request);
  }

  private static int newOne() {
    return Message.ACK | Message.CREATE | Message.EXCLUSIVE;
  }

  /** {@code ifinfomsg}. */
  private static Message link(Message message, int index, int flags) {
    return message.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(flags);
  }

  public void bringUp(int index) throws LinuxException {
    socket.execute(
        "bring network interface " + index + " up",
        link(new Message(NEW_LINK, Message.ACK), index, UP));
  }

  public Link link(String name) throws LinuxException {
    return describe(
        "look at the network interface " + name,
        link(new Message(GET_LINK, Message.ACK), 0, 0).text(NAME, name));
  }

  public Link link(int index) throws LinuxException {
    return describe(
        "look at network interface " + index, link(new Message(GET_LINK, Message.ACK), index, 0));
  }

  private Link describe(String what, Message request) throws LinuxException {
    return links(socket.ask(what, request)).get(0);
  }

  public List<Link> links() throws LinuxException {
    return links(
        socket.dump(
            "list the network interfaces", link(new Message(GET_LINK, Message.DUMP), 0, 0)));
  }

  private static List<Link> links(List<Reply> replies) {
    List<Link> links = new ArrayList<>();
    for (Reply reply : replies) {
      Attributes attributes = reply.attributes(LINK_BYTES);
      int index = reply.body().getInt(4);
      links.add(new Link(index, attributes.text(NAME), attributes.number(MTU).orElse(0)));
    }
    return links;
  }

  /** Gives an interface an address, usable at once. */
  public void addAddress(int index, InetAddress address, int prefix) throws LinuxException {
    byte[] bytes = address.getAddress();
    Message request =
        new Message(NEW_ADDRESS, newOne())
            .u8(family(address))
            .u8(prefix)
            .u8(Addresses.isV4(address) ? 0 : NO_DUPLICATE_CHECK)
            .u8(0)
            .u32(index)
            .attribute(LOCAL, bytes)
            .attribute(ADDRESS, bytes);
    socket.execute(
        "give network interface "
            + index
            + " the address "
            + address.getHostAddress()
            + "/"
            + prefix,
        request);
  }

  public void addDefaultRoute(InetAddress gateway, int index) throws LinuxException {
    Message request =
        route(new Message(NEW_ROUTE, newOne()), family(gateway), 0)
            .attribute(GATEWAY, gateway.getAddress())
            .number(OUT_INTERFACE, index);
    socket.execute("make " + gateway.getHostAddress() + " the way out", request);
  }

  /** {@code rtmsg}. */
  private static Message route(Message message, int family, int prefix) {
    message.u8(family).u8(prefix).u8(0).u8(0);
    return message.u8(MAIN_TABLE).u8(STATIC).u8(0).u8(UNICAST).u32(0);
  }

  private static int family(InetAddress address) {
    return Addresses.isV4(address) ? AF_INET : AF_INET6;
  }

  /** The way that a packet to this address would take; an error where there is none. */
  public Route routeTo(InetAddress destination) throws LinuxException {
    byte[] bytes = destination.getAddress();
    Message request =
        route(new Message(GET_ROUTE, Message.ACK), family(destination), 8 * bytes.length)
            .attribute(DESTINATION, bytes);
    return route(socket.ask("find the route to " + destination.getHostAddress(), request).get(0));
  }

  /** All IPv4 routes of all tables. */
  public List<Route> routes() throws LinuxException {
    Message request = route(new Message(GET_ROUTE, Message.DUMP), AF_INET, 0);
    return socket.dump("list the routes", request).stream().map(RouteSocket::route).toList();
  }

  private static Route route(Reply reply) {
    Attributes attributes = reply.attributes(ROUTE_BYTES);
    return new Route(
        attributes.find(DESTINATION).map(Addresses::of),
        reply.body().get(1) & 0xff,
        reply.body().get(7) & 0xff,
        attributes.number(OUT_INTERFACE).orElse(0),
        attributes.find(PREFERRED_SOURCE).map(Addresses::of),
        attributes.nested(METRICS).number(MTU_METRIC).orElse(0));
  }

  /** Has an interface send no more than this, by a token bucket. */
  public void limitRate(int index, TokenBucket bucket) throws LinuxException {
    Message request = new Message(NEW_QUEUE, Message.ACK | Message.CREATE | Message.REPLACE);
    request.u8(0).u8(0).u16(0).u32(index).u32(TokenBucket.HANDLE).u32(TokenBucket.ROOT).u32(0);
    socket.execute(
        "limit network interface " + index + " to " + bucket.bitsPerSecond() + " bit/s",
        bucket.describe(request));
  }

  @Override
  public void close() {
    socket.close();
  }
}
