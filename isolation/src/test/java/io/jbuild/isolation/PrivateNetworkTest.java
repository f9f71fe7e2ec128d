package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.isolation.network.NoPrivateNetworkException;
import io.jbuild.isolation.network.Rates;
import io.jbuild.linux.netlink.Addresses;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sandbox with an interface of its own, and a host behind this machine. */
class PrivateNetworkTest extends SandboxFixture {
  private static final String ASK =
      "printf 'GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n' | nc -w 5 "
          + Internet.SERVER
          + " 80 | tail -n 1";

  private Internet internet;

  @BeforeEach
  void connect() throws Exception {
    try {
      core.privateNetworks().require();
    } catch (NoPrivateNetworkException e) {
      assumeTrue(false, "SKIPPED: " + e.getMessage());
    }
    internet = Internet.open(Files.createDirectory(work.resolve("site")));
  }

  @AfterEach
  void disconnect() throws IOException {
    if (internet != null) {
      internet.close();
    }
  }

  private Run runPrivate(String script) throws IOException, InterruptedException {
    return run(spec(script).withNetwork(Network.PRIVATE));
  }

  @Test
  void start_private_reachesOutsideWithTheMachinesAddress() throws Exception {
    Run run = runPrivate(ASK);
    assertEquals(Internet.GATEWAY + "\n", run.out(), run.error());
  }

  @Test
  void start_none_reachesNothing() throws Exception {
    Run run = run(spec(ASK));
    assertEquals("", run.out());
  }

  @Test
  void start_private_hasLoopbackAndOneInterface() throws Exception {
    Run run =
        runPrivate(
            "ls /sys/class/net; ip -o -4 addr show eth0; ip route; cat /proc/sys/net/ipv4/ip_unprivileged_port_start");
    assertTrue(
        run.out()
            .matches(
                "(?s)eth0\nlo\n[0-9]+: eth0 .*inet ([0-9.]+)/31 .*default via ([0-9.]+) dev eth0.*\n0\n"),
        run.out() + run.error());
  }

  @Test
  void start_private_loopbackIsNotTheMachines() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Run run =
          runPrivate(
              "nc -w 2 127.0.0.1 " + server.getLocalPort() + " </dev/null 2>&1 || echo refused");
      assertTrue(run.out().endsWith("refused\n"), run.out());
    }
  }

  @Test
  void start_manyAtOnce_haveAddressesOfTheirOwnAndDoNotSeeOneAnother() throws Exception {
    Set<String> addresses = new HashSet<>();
    try (Sandboxes first = new Sandboxes()) {
      for (int i = 0; i < 8; i++) {
        addresses.add(first.start("ip -o -4 addr show eth0 | cut -d' ' -f7; exec sleep 60"));
      }
      assertEquals(8, addresses.size(), addresses.toString());
      String other = addresses.iterator().next().replaceAll("/.*", "");
      Run run = runPrivate("nc -w 1 " + other + " 80 </dev/null || echo out of reach");
      assertEquals("out of reach\n", run.out());
    }
  }

  /** Running sandboxes that say one line first. */
  private final class Sandboxes implements AutoCloseable {
    private final List<Sandbox> running = new ArrayList<>();

    String start(String script) throws IOException {
      java.io.PipedInputStream in = new java.io.PipedInputStream();
      OutputStream out = new java.io.PipedOutputStream(in);
      running.add(
          core.start(
              spec(script).withNetwork(Network.PRIVATE),
              Stdio.captured(out, OutputStream.nullOutputStream())));
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        line.append((char) c);
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      for (Sandbox sandbox : running) {
        sandbox.close();
      }
    }
  }

  @Test
  void start_twoHundredFromFourThreads_leaveNothing() throws Exception {
    Set<String> before = links();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Run>> runs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        runs.add(threads.submit(() -> runPrivate("true")));
      }
      for (Future<Run> run : runs) {
        assertTrue(run.get().status().success(), run.get().error());
      }
    } finally {
      threads.shutdownNow();
    }
    core.close();
    awaitNoLinksBut(before);
    String tables = Internet.run(List.of("nft", "list", "tables"));
    assertFalse(
        tables.contains("jbuild-" + Long.toHexString(ProcessHandle.current().pid()) + "-"), tables);
  }

  /** The kernel removes interfaces after the last process, in a thread of its own. */
  private static void awaitNoLinksBut(Set<String> before) throws Exception {
    Set<String> left = links();
    for (int i = 0; i < 600 && !before.containsAll(left); i++) {
      Thread.sleep(50);
      left = links();
    }
    left.removeAll(before);
    assertEquals(Set.of(), left);
  }

  /** The machine's ends of pairs, by number and name: other processes may have theirs. */
  private static Set<String> links() throws Exception {
    return Internet.ip("-o", "link")
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words[1].startsWith("jbuild"))
        .map(words -> words[0] + words[1])
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void start_names_areInHostsAndResolver() throws Exception {
    InetAddress address = Addresses.parse("192.0.2.7").orElseThrow();
    NameService names =
        new NameService(
            List.of(new NameService.Host("db.test", Optional.of(address))),
            List.of(address),
            List.of("example.test"),
            List.of("ndots:2"));
    Run run =
        run(spec("cat /etc/hosts /etc/resolv.conf").withNetwork(Network.PRIVATE).withNames(names));
    assertEquals(
        "127.0.0.1\tlocalhost jbuild\n"
            + "::1\tlocalhost ip6-localhost ip6-loopback\n"
            + "192.0.2.7\tdb.test\n"
            + "search example.test\nnameserver 192.0.2.7\noptions ndots:2\n",
        run.out());
  }

  @Test
  void start_rates_areInTheQueuesOfBothEnds() throws Exception {
    Rates rates = new Rates(OptionalLong.of(8_000_000), OptionalLong.of(2_000_000));
    try (Sandbox sandbox =
        core.start(
            spec("exec sleep 60").withNetwork(Network.privateAt(rates)),
            Stdio.captured(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()))) {
      String inside =
          Internet.run(
              List.of(
                  "nsenter",
                  "--net=" + Path.of("/proc/" + sandbox.pid() + "/ns/net"),
                  "tc",
                  "qdisc",
                  "show",
                  "dev",
                  "eth0"));
      assertTrue(inside.startsWith("qdisc tbf 1: root") && inside.contains("rate 2Mbit"), inside);
      String outside = Internet.run(List.of("tc", "qdisc", "show"));
      assertTrue(outside.contains("rate 8Mbit"), outside);
    }
  }

  @Test
  void start_userNamespace_isConnectedToo() throws Exception {
    IdMapping ids = new IdMapping(0, 0, 65_536);
    Run run =
        run(
            spec(ASK)
                .withNetwork(Network.PRIVATE)
                .withUserNamespace(new IdMappings(List.of(ids), List.of(ids))));
    assertEquals(Internet.GATEWAY + "\n", run.out(), run.error());
  }
}
