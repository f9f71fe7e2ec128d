package io.jbuild.isolation;

import io.jbuild.isolation.network.PrivateNetworks;
import io.jbuild.isolation.network.Rates;
import io.jbuild.isolation.plan.OfferNetwork;
import io.jbuild.linux.Fd;
import io.jbuild.linux.SocketPair;
import io.jbuild.linux.netlink.RouteSocket;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The talk between a child in a new network namespace and the parent, which connects it: the child
 * hands out a netlink socket of its own, goes on, and waits before it needs the network.
 */
final class NetworkExchange implements Closeable {
  private final PrivateNetworks networks;
  private final Rates rates;
  private final SocketPair sockets;
  private Optional<Closeable> connection = Optional.empty();

  private NetworkExchange(PrivateNetworks networks, Rates rates, SocketPair sockets) {
    this.networks = networks;
    this.rates = rates;
    this.sockets = sockets;
  }

  static NetworkExchange open(PrivateNetworks networks, Rates rates) throws IOException {
    networks.require();
    return new NetworkExchange(networks, rates, SocketPair.open());
  }

  OfferNetwork childSide() {
    return new OfferNetwork(sockets.childs(), sockets.ours());
  }

  /** To be called when the child has gone on or ended, lest {@link #answer} waits for ever. */
  void childIsThrough() {
    sockets.end();
  }

  /** Waits for the child, connects it and lets it go on; returns at once when it has ended. */
  void answer(IntSupplier pid) throws IOException {
    Optional<Fd> offered = sockets.receive();
    if (offered.isEmpty()) {
      return;
    }
    try (RouteSocket inside = RouteSocket.owning(offered.get())) {
      connection = Optional.of(networks.connect(inside, pid.getAsInt(), rates));
    }
    sockets.answer();
  }

  /** Gives the child up: it sees the talk end, and ends. */
  void refuse() {
    sockets.end();
  }

  @Override
  public void close() throws IOException {
    sockets.close();
    if (connection.isPresent()) {
      connection.get().close();
    }
  }
}
