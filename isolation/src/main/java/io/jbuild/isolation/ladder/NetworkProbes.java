package io.jbuild.isolation.ladder;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.isolation.ladder.Finding.Topic;
import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ContentOf;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Syscall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a step's own network is made of. */
final class NetworkProbes {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_NONBLOCK = 0x803;
  private static final int ROUTE = 0;
  private static final int NETFILTER = 12;
  private static final int ANSWER = 4096;

  /** NLM_F_CAPPED in the flags of the answer's header: only an answer of success has it. */
  private static final long CAPPED = 0x100L << 48;

  private final Findings findings = new Findings(Topic.NETWORK);
  private final Rights rights;
  private final Surroundings around;
  private final Mends mends;

  private NetworkProbes(Rights rights, Surroundings around, Mends mends) {
    this.rights = rights;
    this.around = around;
    this.mends = mends;
  }

  static List<Finding> look(Rights rights, Surroundings around, Mends mends) {
    NetworkProbes probes = new NetworkProbes(rights, around, mends);
    probes.ask("veth", "a step's own interface", ROUTE, NetlinkQuestions.veth());
    probes.ask(
        "nf_tables", "a step's way out through this machine", NETFILTER, NetlinkQuestions.table());
    probes.helpers();
    return probes.findings.all();
  }

  /** What steps have that name none; findings of its own, as the rung has to be known. */
  static List<Finding> standard(Surroundings around, Rung rung, boolean here) {
    Findings findings = new Findings(Topic.NETWORK);
    String why = "the network of steps that name none";
    findings.look(
        "default",
        why,
        () -> {
          Chooser.Choice choice = around.chooser().network(rung, here);
          if (choice.best()) {
            findings.ok("default", choice.what(), why);
          } else {
            findings.limited("default", choice.what(), why, Optional.empty());
          }
        });
    return findings.all();
  }

  private void ask(String what, String why, int family, byte[] question) {
    findings.look(
        what,
        why,
        () -> {
          Optional<Refusal> refusal = attempt(what, family, question).run();
          if (refusal.isEmpty()) {
            findings.ok(what, "works", why);
          } else {
            Optional<String> mend =
                refusal.get().itsOwn() ? Optional.of("modprobe " + what) : Optional.empty();
            findings.limited(what, refusal.get().toString(), why, mend);
          }
        });
  }

  private Attempt attempt(String what, int family, byte[] question) {
    Attempt attempt = Attempt.asRoot(rights, Namespace.NETWORK);
    ResultOf socket =
        attempt.call(
            what, Syscall.SOCKET, number(AF_NETLINK), number(SOCK_RAW_NONBLOCK), number(family));
    Buffer answer = new Buffer(new byte[ANSWER]);
    attempt.call(what, Syscall.WRITE, socket, new Buffer(question), number(question.length));
    attempt.call(what, Syscall.READ, socket, answer, number(ANSWER));
    attempt.check(what, new ContentOf(answer), CAPPED, CAPPED, Errno.EOPNOTSUPP.number());
    return attempt;
  }

  /** Programs that carry packets for who may not make interfaces of the machine. */
  private void helpers() {
    String why = "a network for steps of rootless builds";
    Optional<Path> pasta = around.program("pasta");
    Optional<Path> slirp = around.program("slirp4netns");
    if (pasta.isPresent()) {
      findings.ok("pasta", pasta.get().toString(), why);
    } else if (slirp.isPresent()) {
      findings.ok("slirp4netns", slirp.get().toString(), why);
    } else if (rights.administers() && rights.initial()) {
      findings.ok("pasta", "not in PATH, and root does not need it", why);
    } else {
      findings.limited("pasta", "not in PATH, nor is slirp4netns", why, mends.install("passt"));
    }
    Path tun = Path.of("/dev/net/tun");
    if (Files.isReadable(tun) && Files.isWritable(tun)) {
      findings.ok("tun", tun.toString(), "pasta and slirp4netns send packets by it");
    } else {
      findings.limited(
          "tun",
          tun + (Files.exists(tun) ? " may not be opened" : " is not there"),
          "pasta and slirp4netns send packets by it",
          Optional.of(Files.exists(tun) ? "chmod 666 " + tun : "modprobe tun"));
    }
  }
}
