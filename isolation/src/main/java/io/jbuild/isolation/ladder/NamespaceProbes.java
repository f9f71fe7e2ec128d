package io.jbuild.isolation.ladder;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.isolation.ladder.Finding.Topic;
import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Syscall;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Each kind of namespace, made by a child. */
final class NamespaceProbes {
  private static final Path KERNEL = Path.of("/proc/sys/kernel");
  private static final Path MAXIMUM = Path.of("/proc/sys/user/max_user_namespaces");

  private static final Map<Namespace, String> WHY =
      Map.of(
          Namespace.MOUNT, "a root of its own",
          Namespace.PID, "processes that see only themselves and end together",
          Namespace.NETWORK, "steps without the machine's network",
          Namespace.IPC, "shared memory of its own",
          Namespace.UTS, "a host name of its own",
          Namespace.USER, "builds without being root",
          Namespace.CGROUP, "control groups that look like a machine's own",
          Namespace.TIME, "jbuild run --monotonic and --boottime");

  /** Without these no sandbox can be made. */
  private static final Set<Namespace> NEEDED =
      EnumSet.of(Namespace.MOUNT, Namespace.PID, Namespace.IPC, Namespace.UTS, Namespace.NETWORK);

  private final Findings findings = new Findings(Topic.NAMESPACES);
  private final Rights rights;
  private boolean all = true;
  private boolean user;

  private NamespaceProbes(Rights rights) {
    this.rights = rights;
  }

  static NamespaceProbes look(Rights rights) {
    NamespaceProbes probes = new NamespaceProbes(rights);
    for (Namespace kind :
        List.of(
            Namespace.USER,
            Namespace.MOUNT,
            Namespace.PID,
            Namespace.NETWORK,
            Namespace.IPC,
            Namespace.UTS,
            Namespace.CGROUP,
            Namespace.TIME)) {
      probes.findings.look(name(kind), WHY.getOrDefault(kind, ""), () -> probes.look(kind));
    }
    return probes;
  }

  List<Finding> findings() {
    return findings.all();
  }

  /** Whether all that a sandbox needs can be had, if need be in a user namespace. */
  boolean all() {
    return all;
  }

  boolean user() {
    return user;
  }

  private static String name(Namespace kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  private void look(Namespace kind) {
    String why = WHY.getOrDefault(kind, "");
    Optional<Refusal> refusal = make(kind).run();
    if (kind == Namespace.USER) {
      user = refusal.isEmpty();
    } else if (NEEDED.contains(kind)) {
      all = all && refusal.isEmpty();
    }
    if (refusal.isEmpty()) {
      boolean within = kind != Namespace.USER && !rights.administers();
      findings.ok(name(kind), within ? "in a user namespace" : "can be made", why);
    } else if (kind == Namespace.USER && rights.administers()) {
      findings.limited(name(kind), found(refusal.get()), why, mend(refusal.get()));
    } else {
      findings.missing(name(kind), found(refusal.get()), why, mend(refusal.get()));
    }
  }

  private Attempt make(Namespace kind) {
    if (kind == Namespace.USER) {
      // with its ids mapped: without a map nobody is root in there
      return rights.administers() ? Attempt.in(kind) : Attempt.userNamespace(rights);
    } else if (kind == Namespace.TIME) {
      // the one kind that clone does not make
      Attempt attempt = Attempt.asRoot(rights);
      attempt.call("make a time namespace", Syscall.UNSHARE, number(kind.flag()));
      return attempt;
    }
    return Attempt.asRoot(rights, kind);
  }

  private String found(Refusal refusal) {
    if (!refusal.itsOwn()) {
      return refusal.toString();
    }
    String reason = blame().map(blame -> " (" + blame.what() + ")").orElse("");
    return refusal + reason;
  }

  private Optional<String> mend(Refusal refusal) {
    if (!refusal.itsOwn()
        || refusal.errno() == Errno.EINVAL.number()
        || refusal.errno() == Errno.ENOSYS.number()) {
      return Optional.empty(); // not in this kernel
    }
    return blame().flatMap(Blame::mend);
  }

  /** What is known to forbid namespaces here, and how to allow them. */
  private record Blame(String what, Optional<String> mend) {}

  private Optional<Blame> blame() {
    if (is(MAXIMUM, "0")) {
      String name = "user.max_user_namespaces";
      return Optional.of(new Blame(name + "=0", Mends.sysctl(name, "28633")));
    }
    if (!rights.administers() && is(KERNEL.resolve("unprivileged_userns_clone"), "0")) {
      String name = "kernel.unprivileged_userns_clone";
      return Optional.of(new Blame(name + "=0", Mends.sysctl(name, "1")));
    }
    String restrict = "apparmor_restrict_unprivileged_userns";
    if (!rights.administers() && is(KERNEL.resolve(restrict), "1")) {
      String name = "kernel." + restrict;
      return Optional.of(new Blame(name + "=1", Mends.sysctl(name, "0")));
    }
    if (rights.uid() == 0 && !rights.administers() && !rights.has(Capability.SETFCAP)) {
      return Optional.of(
          new Blame(
              "root without CAP_SETFCAP may not be root in there",
              Optional.of("podman run --cap-add SETFCAP …")));
    }
    if (rights.filtered()) {
      return Optional.of(
          new Blame(
              "a seccomp filter around this process",
              Optional.of("podman run --security-opt seccomp=unconfined …")));
    }
    return Optional.empty();
  }

  private static boolean is(Path file, String value) {
    return Surroundings.text(file).equals(Optional.of(value));
  }
}
