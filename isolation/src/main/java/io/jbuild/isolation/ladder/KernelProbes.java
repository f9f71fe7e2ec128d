package io.jbuild.isolation.ladder;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.isolation.ladder.Finding.Topic;
import io.jbuild.isolation.seccomp.CallFilter;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Spawn;
import io.jbuild.linux.spawn.Starter;
import io.jbuild.linux.spawn.Syscall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** System calls and file systems that every sandbox is made of. */
final class KernelProbes {
  private static final int NO_NEW_PRIVILEGES = 38;
  private static final int SET_MODE_FILTER = 1;
  private static final int INSTRUCTION = 8;
  private static final int MOUNT_ATTRIBUTES = 32;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int READ_ONLY = 1;
  private static final long LAST_DESCRIPTOR = 0xffffffffL;
  private static final long MANY = 1 << 20;

  private final Findings findings = new Findings(Topic.KERNEL);
  private final Rights rights;
  private boolean all = true;

  private KernelProbes(Rights rights) {
    this.rights = rights;
  }

  static KernelProbes look(Rights rights) {
    KernelProbes probes = new KernelProbes(rights);
    probes.calls();
    probes.mounts();
    return probes;
  }

  List<Finding> findings() {
    return findings.all();
  }

  /** Whether nothing is missing that a sandbox cannot do without. */
  boolean all() {
    return all;
  }

  private void calls() {
    Attempt openat2 = Attempt.in();
    openat2.openat2();
    needed("openat2", "paths that stay inside a root", openat2);
    Attempt closeRange = Attempt.in();
    closeRange.call(
        "close_range", Syscall.CLOSE_RANGE, number(MANY), number(LAST_DESCRIPTOR), number(0));
    needed("close_range", "steps inherit no open files", closeRange);
    Attempt pidfd = Attempt.in();
    long self = ProcessHandle.current().pid();
    pidfd.call("pidfd_open", Syscall.PIDFD_OPEN, number(self), number(0));
    needed("pidfd_open", "signals that reach the right process", pidfd);
    findings.look("seccomp", "steps are refused dangerous system calls", this::seccomp);
    String why = "steps start from a sealed page of memory, not from Java's file";
    findings.look("memfd", why, () -> memfd(why));
    if (Spawn.canEnterCgroup()) {
      findings.ok("clone3", "allowed", "steps start in their control group");
    } else {
      findings.limited(
          "clone3",
          "refused, clone(2) is used",
          "steps start in their control group",
          Optional.empty());
    }
  }

  private void memfd(String why) {
    try {
      Starter.open().close();
      findings.ok("memfd", "may be executed", why);
    } catch (IOException e) {
      all = false;
      String found = String.valueOf(e.getMessage());
      findings.missing("memfd", found, why, Mends.sysctl("vm.memfd_noexec", "0"));
    }
  }

  private void seccomp() {
    byte[] filter = CallFilter.compile(Set.of(), false);
    ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    header.putShort((short) (filter.length / INSTRUCTION));
    Attempt attempt = Attempt.in();
    attempt.call(
        "no_new_privs",
        Syscall.PRCTL,
        number(NO_NEW_PRIVILEGES),
        number(1),
        number(0),
        number(0),
        number(0));
    attempt.call(
        "seccomp",
        Syscall.SECCOMP,
        number(SET_MODE_FILTER),
        number(0),
        new Argument.Pointing(new Buffer(header.array()), 8, new Buffer(filter)));
    needed("seccomp", "steps are refused dangerous system calls", attempt);
  }

  private void mounts() {
    Attempt tmpfs = Attempt.asRoot(rights, Namespace.MOUNT);
    ResultOf mount = tmpfs.mount("tmpfs");
    ByteBuffer readOnly = ByteBuffer.allocate(MOUNT_ATTRIBUTES).order(ByteOrder.nativeOrder());
    readOnly.putLong(READ_ONLY);
    tmpfs.call(
        "mount_setattr",
        Syscall.MOUNT_SETATTR,
        mount,
        text(""),
        number(AT_EMPTY_PATH),
        new Buffer(readOnly.array()),
        number(MOUNT_ATTRIBUTES));
    needed("tmpfs", "/dev, /tmp and secrets of a step", tmpfs);
    Attempt proc = Attempt.asRoot(rights, Namespace.MOUNT, Namespace.PID);
    proc.mount("proc");
    needed("proc", "/proc of a step", proc);
    Attempt sysfs = Attempt.asRoot(rights, Namespace.MOUNT, Namespace.NETWORK);
    sysfs.mount("sysfs");
    needed("sysfs", "/sys of a step", sysfs);
  }

  private void needed(String what, String why, Attempt attempt) {
    findings.look(
        what,
        why,
        () -> {
          Optional<Refusal> refusal = attempt.run();
          if (refusal.isEmpty()) {
            findings.ok(what, "works", why);
          } else {
            all = false;
            findings.missing(what, refusal.get().toString(), why, mend(what, refusal.get()));
          }
        });
  }

  /** A container that covers parts of its /proc keeps its children from a new one. */
  private Optional<String> mend(String what, Refusal refusal) {
    boolean covered = what.equals("proc") || what.equals("sysfs");
    return covered && refusal.itsOwn()
        ? Optional.of("podman run --security-opt unmask=ALL …")
        : Optional.empty();
  }
}
