package io.jbuild.isolation.network;

import io.jbuild.linux.NamespaceFile;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.netlink.Addresses;
import io.jbuild.linux.netlink.RouteSocket;
import io.jbuild.linux.netlink.TokenBucket;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * For who may not make interfaces of the machine: pasta or slirp4netns takes a sandbox's packets
 * from a tun device and speaks for it with sockets of its own, one process for each sandbox.
 */
final class CarriedProvider implements Provider {
  private static final String INSIDE = "eth0";
  private static final Path TUN = Path.of("/dev/net/tun");

  /** Where slirp4netns asks the machine's own servers, those on its loopback included. */
  private static final InetAddress SLIRP_SERVER = Addresses.of(0x0a000203);

  private final Path program;
  private final boolean isPasta;
  private final int mtu;
  private final ResolverFile resolver;
  private final List<String> notices;
  private final PidFd self;

  private CarriedProvider(
      Path program, boolean isPasta, int mtu, ReachableServers servers, PidFd self) {
    this.program = program;
    this.isPasta = isPasta;
    this.mtu = mtu;
    this.self = self;
    resolver = isPasta ? servers.resolver() : slirpServer(servers.resolver());
    notices = isPasta ? servers.notices() : List.of();
  }

  private static ResolverFile slirpServer(ResolverFile known) {
    return known.withServers(List.of(SLIRP_SERVER));
  }

  static CarriedProvider open() throws IOException {
    Optional<Path> pasta = program("pasta");
    Path program =
        pasta
            .or(() -> program("slirp4netns"))
            .orElseThrow(
                () ->
                    new NoPrivateNetworkException(
                        "an ordinary user needs pasta or slirp4netns for it: install the package"
                            + " passt"));
    if (!Files.isReadable(TUN) || !Files.isWritable(TUN)) {
      throw new NoPrivateNetworkException(
          Files.exists(TUN)
              ? TUN + " may not be opened, which pasta needs: root mends it by chmod 666 " + TUN
              : TUN + " is not there, which pasta needs: root mends it by modprobe tun");
    }
    try (RouteSocket routes = RouteSocket.open()) {
      Uplink uplink =
          Uplink.v4(routes)
              .or(() -> v6(routes))
              .orElseThrow(
                  () -> new NoPrivateNetworkException("this machine itself has no way out"));
      ReachableServers servers = ReachableServers.find(v6(routes).isPresent());
      PidFd self = PidFd.open((int) ProcessHandle.current().pid());
      return new CarriedProvider(program, pasta.isPresent(), uplink.mtu(), servers, self);
    }
  }

  private static Optional<Uplink> v6(RouteSocket routes) {
    try {
      return Uplink.v6(routes);
    } catch (IOException e) {
      return Optional.empty(); // the interface has gone since
    }
  }

  private static Optional<Path> program(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String place : path.split(File.pathSeparator, -1)) {
      Path file = Path.of(place, name);
      if (place.startsWith("/") && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  @Override
  public String means() {
    return isPasta ? "pasta" : "slirp4netns";
  }

  @Override
  public List<String> notices() {
    return notices;
  }

  @Override
  public ResolverFile resolver() {
    return resolver;
  }

  /** Out of reach: with pasta a sandbox has the machine's own address. */
  @Override
  public Optional<InetAddress> host() {
    return Optional.empty();
  }

  @Override
  public Closeable connect(RouteSocket inside, int pid, Rates rates) throws IOException {
    if (rates.in().isPresent()) {
      throw new NoPrivateNetworkException(
          "what a private network receives is limited for root only: "
              + program.getFileName()
              + " has no rates");
    }
    Carrier carrier;
    try (NamespaceFile namespace = NamespaceFile.open(Path.of("/proc/" + pid + "/ns/net"))) {
      carrier = Carrier.start(program, arguments(), namespace.fd(), self);
    }
    try {
      if (rates.out().isPresent()) {
        int link = inside.link(INSIDE).index();
        inside.limitRate(link, new TokenBucket(rates.out().getAsLong(), mtu));
      }
      return carrier;
    } catch (IOException e) {
      carrier.close();
      throw e;
    }
  }

  /** Nothing of the machine's loopback, in either direction. */
  private List<String> arguments() {
    String size = Integer.toString(mtu);
    return isPasta ? pasta(size) : slirp(size);
  }

  private static List<String> pasta(String mtu) {
    return List.of(
        "pasta",
        "--foreground",
        "--quiet",
        "--config-net",
        "--no-map-gw",
        "--tcp-ports",
        "none",
        "--udp-ports",
        "none",
        "--tcp-ns",
        "none",
        "--udp-ns",
        "none",
        "--ns-ifname",
        INSIDE,
        "--mtu",
        mtu,
        "--pid",
        "/dev/stdout",
        "--netns-only",
        "--netns",
        Carrier.NAMESPACE);
  }

  private static List<String> slirp(String mtu) {
    return List.of(
        "slirp4netns",
        "--configure",
        "--mtu=" + mtu,
        "--disable-host-loopback",
        "--enable-sandbox",
        "--enable-seccomp",
        "--ready-fd=1",
        "--netns-type=path",
        Carrier.NAMESPACE,
        INSIDE);
  }

  @Override
  public void close() {
    self.close();
  }
}
