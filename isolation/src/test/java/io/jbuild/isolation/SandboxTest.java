package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.isolation.ExitStatus.Exited;
import io.jbuild.isolation.ExitStatus.Signalled;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.linux.mount.Tmpfs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SandboxTest extends SandboxFixture {
  @Test
  void start_shell_isProcessOneAndSeesNoOther() throws Exception {
    Run run = run("echo $$; echo /proc/[0-9]*"); // by the shell itself, which forks for neither
    assertEquals("1\n/proc/1\n", run.out(), run.error());
  }

  @Test
  void start_hostname_isTheSandboxsOwn() throws Exception {
    assertEquals("jbuild\n", run("hostname").out());
    assertEquals("other\n", run(spec("hostname").withHostname("other")).out());
  }

  @Test
  void start_network_isLoopbackAlone() throws Exception {
    Run run = run("ls /sys/class/net; ip a | grep -c 'inet 127.0.0.1'; cat /etc/hosts");
    assertEquals(
        "lo\n1\n127.0.0.1\tlocalhost jbuild\n::1\tlocalhost ip6-localhost ip6-loopback\n",
        run.out());
  }

  @Test
  void start_hostNetwork_hasItsResolver() throws Exception {
    Run run = run(spec("cat /etc/resolv.conf").withNetwork(Network.HOST));
    assertEquals(Files.readString(Path.of("/etc/resolv.conf")), run.out());
  }

  @Test
  void start_hostFiles_areOutOfSight() throws Exception {
    Path secret = Files.writeString(work.resolve("secret"), "host");
    Run run = run("cat " + secret + " /proc/1/root" + secret + "; ls /proc/self/fd/ | wc -l");
    assertEquals("4\n", run.out()); // 0, 1, 2 and the directory itself
    assertEquals("", run.out().replaceAll("[^h]", ""));
  }

  @Test
  void start_standardStreams_areNullAndTwoPipes() throws Exception {
    Run run = run("stat -c %t:%T -L /dev/stdin; readlink /proc/self/fd/0; echo err >&2; cat");
    assertEquals("1:3\n/dev/null\n", run.out());
    assertEquals("err\n", run.error());
  }

  @Test
  void start_environment_isWhatTheCommandBrings() throws Exception {
    assertEquals(
        "PATH=/bin HOME=/root ", run("cat /proc/1/environ; true").out().replace('\0', ' '));
  }

  @Test
  void start_umaskSessionAndSignals_areFresh() throws Exception {
    Run run =
        run(
            "umask; grep -E '^(Sig(Blk|Ign)|NSsid)' /proc/self/status | tr '\\t' ' ';"
                + " cat /proc/self/oom_score_adj; ulimit -c; ulimit -n");
    assertEquals(
        "0022\nNSsid: 1\nSigBlk: 0000000000000000\nSigIgn: 0000000000000000\n"
            + (ownOomScore() + 200)
            + "\n0\n1024\n",
        run.out());
  }

  private static int ownOomScore() throws IOException {
    return Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj")).trim());
  }

  @Test
  void start_directoryAndUser_areTheCommands() throws Exception {
    Files.createDirectories(rootfs.lower().resolve("srv/app"));
    Command command =
        Run.shell("pwd; id -u; id -g; id -G; grep -E 'Cap(Prm|Eff|Inh|Amb)' /proc/self/status")
            .withDirectory(TreePath.parse("/srv/app"))
            .withUser(new User(1000, 1001, List.of(1001L, 44L)));
    Run run = run(SandboxSpec.of(rootfs.overlay(), command));
    assertEquals(
        "/srv/app\n1000\n1001\n1001 44\n"
            + "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n"
            + "CapEff:\t0000000000000000\nCapAmb:\t0000000000000000\n",
        run.out(),
        run.error());
  }

  @Test
  void start_directoryThatIsNotThere_saysSo() throws Exception {
    Command command = Run.shell("true").withDirectory(TreePath.parse("/no/such"));
    IOException e =
        assertThrows(IOException.class, () -> run(SandboxSpec.of(rootfs.overlay(), command)));
    assertEquals(
        "enter the directory \"/no/such\": ENOENT (no such file or directory)", e.getMessage());
  }

  @Test
  void start_directoryByMagicLink_isRefused() throws Exception {
    for (String path : List.of("/proc/self/fd/0", "/proc/1/root", "/proc/self/cwd")) {
      Command command = Run.shell("pwd").withDirectory(TreePath.parse(path));
      assertThrows(IOException.class, () -> run(SandboxSpec.of(rootfs.overlay(), command)), path);
    }
  }

  @Test
  void waitFor_endOfTheCommand_isToldExactly() throws Exception {
    assertEquals(new Exited(0), run("true").status());
    assertEquals(new Exited(42), run("exit 42").status());
    Run killed = run("sleep 100 & p=$!; kill -9 $p; wait $p");
    assertEquals(new Exited(137), killed.status());
  }

  @Test
  void start_programThatIsMissing_isCode127() throws Exception {
    for (String program : List.of("no-such", "/no/such")) {
      Command command = Command.of(List.of(program), Run.ENVIRONMENT);
      CommandException e =
          assertThrows(
              CommandException.class, () -> run(SandboxSpec.of(rootfs.overlay(), command)));
      assertEquals(127, e.code(), e.getMessage());
    }
  }

  @Test
  void start_programThatCannotRun_isCode126() throws Exception {
    Path plain = Files.writeString(rootfs.lower().resolve("bin/plain"), "text");
    for (int mode : new int[] {0, 1}) {
      assertTrue(plain.toFile().setExecutable(mode == 1));
      Command command = Command.of(List.of("plain"), Run.ENVIRONMENT);
      CommandException e =
          assertThrows(
              CommandException.class, () -> run(SandboxSpec.of(rootfs.overlay(), command)));
      assertEquals(126, e.code(), e.getMessage());
    }
  }

  @Test
  void signal_fromAnotherThread_reachesTheCommand() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    SandboxSpec spec =
        spec("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStream sink =
        new OutputStream() {
          @Override
          public void write(int b) {
            out.write(b);
            ready.countDown();
          }
        };
    try (Sandbox sandbox = core.start(spec, Stdio.captured(sink, sink))) {
      ready.await();
      sandbox.signal(15);
      assertEquals(new Exited(3), sandbox.waitFor());
    }
    assertEquals("ready\nbye\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void kill_endsEverything() throws Exception {
    try (Sandbox sandbox = core.start(spec("sleep 1000 & sleep 1000"), Stdio.discarded())) {
      sandbox.kill();
      assertEquals(new Signalled(9), sandbox.waitFor());
      sandbox.kill();
    }
  }

  @Test
  void close_runningSandbox_killsIt() throws Exception {
    Sandbox sandbox = core.start(spec("sleep 1000"), Stdio.discarded());
    Path process = Path.of("/proc/" + sandbox.pid());
    assertTrue(Files.exists(process));
    sandbox.close();
    assertFalse(Files.exists(process));
    sandbox.close();
    assertTrue(sandbox.usage().peakMemoryBytes().orElse(1) > 0);
  }

  @Test
  void waitFor_daemonThatKeepsThePipe_endsWithProcessOne() throws Exception {
    assertEquals("done\n", run("sleep 1000 & echo done").out());
  }

  @Test
  void waitFor_pipeHeldFromOutside_endsAfterAGrace() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStream sink =
        new OutputStream() {
          @Override
          public void write(int b) {
            out.write(b);
            ready.countDown();
          }
        };
    try (Sandbox sandbox = core.start(spec("echo ready; sleep 1000"), Stdio.captured(sink, sink))) {
      ready.await();
      Path pipe = Path.of("/proc/" + sandbox.pid() + "/fd/1");
      try (OutputStream held = Files.newOutputStream(pipe, StandardOpenOption.WRITE)) {
        sandbox.kill();
        assertEquals(new Signalled(9), sandbox.waitFor());
        held.write('x');
      }
    } catch (IOException e) {
      assertEquals("Broken pipe", e.getMessage());
    }
    assertEquals("ready\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void waitFor_muchOutput_isDeliveredWhole() throws Exception {
    Run run = run("dd if=/dev/zero bs=1024 count=2000 2>/dev/null");
    assertEquals(2000 * 1024, run.out().length());
  }

  @Test
  void waitFor_sinkThatThrows_doesNotHoldTheCommandUp() throws Exception {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("full");
          }
        };
    SandboxSpec spec = spec("dd if=/dev/zero bs=1024 count=2000 2>/dev/null");
    try (Sandbox sandbox = core.start(spec, Stdio.captured(broken, broken))) {
      assertEquals(new Exited(0), sandbox.waitFor());
    }
  }

  @Test
  void start_inheritedStreams_areTheBuildersOwn() throws Exception {
    try (Sandbox sandbox =
        core.start(
            spec("[ $(ls /proc/self/fd | wc -l) = 4 ] && test -e /proc/self/fd/2"),
            Stdio.inherited())) {
      assertEquals(new Exited(0), sandbox.waitFor());
    }
  }

  @Test
  void close_mountPointsOfOurs_areGoneAndTimesRestored() throws Exception {
    FileTime etc = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(rootfs.lower().resolve("etc"), etc);
    Files.setLastModifiedTime(rootfs.lower(), etc);
    Path source = Files.writeString(work.resolve("source"), "bound");
    SandboxSpec spec =
        spec("cat /etc/new/deep/file; cat /etc/hosts >/dev/null && echo x > /data/x; touch /kept")
            .withMounts(
                List.of(
                    bind(source, "/etc/new/deep/file", Set.of(MountFlag.READ_ONLY)),
                    new MountPoint(
                        Tmpfs.ofBytes(1 << 20, 0755), TreePath.parse("/data"), Set.of())));
    Run run = run(spec);
    assertEquals("bound", run.out(), run.error());
    assertEquals(List.of("etc", "kept"), leftInUpper());
    assertEquals(etc, Files.getLastModifiedTime(rootfs.upper().resolve("etc")));
    assertTrue(Files.getLastModifiedTime(rootfs.upper()).compareTo(etc) > 0, "root was changed");
  }

  @Test
  void close_mountPointThatTheCommandFilled_stays() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "bound");
    SandboxSpec spec =
        spec("touch /new/own").withMounts(List.of(bind(source, "/new/file", Set.of())));
    assertEquals(0, run(spec).status().code());
    assertEquals(
        List.of("new", "new/own"),
        leftInUpper().stream().filter(n -> n.startsWith("new")).toList());
  }

  @Test
  void start_mountInAMount_isMadeInside() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "bound");
    SandboxSpec spec =
        spec("cat /a/b/c /dev/deep/d")
            .withMounts(
                List.of(
                    bind(source, "/a/b/c", Set.of()),
                    new MountPoint(Tmpfs.ofBytes(1 << 20, 0755), TreePath.parse("/a"), Set.of()),
                    bind(source, "/dev/deep/d", Set.of())));
    assertEquals("boundbound", run(spec).out());
    assertEquals(
        List.of("etc"), leftInUpper().stream().filter(n -> !n.startsWith("etc/")).toList());
  }

  @Test
  void start_secretFile_isInMemoryAndReadOnly() throws Exception {
    SandboxFile secret =
        new SandboxFile(
            TreePath.parse("/run/secrets/token"),
            "s3cret".getBytes(StandardCharsets.UTF_8),
            0400,
            7,
            8);
    Run run =
        run(
            spec("cat /run/secrets/token; stat -c ' %a %u:%g' /run/secrets/token;"
                    + " echo x > /run/secrets/token")
                .withFiles(List.of(secret)));
    assertEquals("s3cret 400 7:8\n", run.out());
    assertTrue(run.error().contains("Read-only"), run.error());
    assertEquals(List.of("etc"), leftInUpper());
  }

  @Test
  void start_boundRoot_isUsedAsItIs() throws Exception {
    try (KernelDir root = KernelDir.open(rootfs.lower())) {
      Bind bind = new Bind(root.fd(), false);
      Run run = run(SandboxSpec.of(bind, Run.shell("touch /tmp/new; cat /etc/hosts | wc -l")));
      assertEquals("2\n", run.out(), run.error());
    }
    assertTrue(Files.exists(rootfs.lower().resolve("tmp/new")));
    assertFalse(Files.exists(rootfs.lower().resolve("etc/hosts")));
    assertFalse(Files.exists(rootfs.lower().resolve("proc")));
  }

  @Test
  void start_readOnlyRoot_takesNoWrites() throws Exception {
    Run run = run(spec("touch /x; touch /dev/shm/y && echo ok").withReadOnlyRoot(true));
    assertEquals("ok\n", run.out());
    assertTrue(run.error().contains("Read-only"), run.error());
    assertEquals(List.of("etc"), leftInUpper());
  }

  @Test
  void start_ownClock_startsNearZero() throws Exception {
    Run run = run(spec("cut -d. -f1 /proc/uptime").withOwnClock(true));
    assertTrue(Integer.parseInt(run.out().trim()) < 5, run.out());
  }

  @Test
  void start_userNamespace_mapsIds() throws Exception {
    IdMapping all = new IdMapping(0, 0, 65536);
    SandboxSpec spec =
        spec("id -u; cat /proc/self/uid_map | tr -s ' '; ls -l /dev/null | cut -c1; touch /x")
            .withUserNamespace(new IdMappings(List.of(all), List.of(all)));
    Run run = run(spec);
    assertEquals("0\n 0 0 65536\nc\n", run.out(), run.error());
    assertEquals(0, run.status().code());
  }

  @Test
  void start_idMapsThatTheKernelRefuses_leaveNothing() throws Exception {
    IdMapping one = new IdMapping(0, 0, 10);
    IdMapping overlapping = new IdMapping(5, 5, 10);
    SandboxSpec spec =
        spec("true").withUserNamespace(new IdMappings(List.of(one, overlapping), List.of(one)));
    IOException e = assertThrows(IOException.class, () -> run(spec));
    assertTrue(String.valueOf(e.getMessage()).startsWith("map ids"), e.getMessage());
    assertEquals(0, ProcessHandle.current().children().count());
  }

  @Test
  void spec_placesOfTheKernel_areRefusedAsTargets() {
    for (String target : List.of("/", "/proc", "/proc/self", "/sys/fs", "/dev", "/a/..")) {
      SandboxFile file;
      try {
        file = new SandboxFile(TreePath.parse(target), new byte[0], 0400, 0, 0);
      } catch (IllegalArgumentException e) {
        continue;
      }
      assertThrows(
          IllegalArgumentException.class, () -> spec("true").withFiles(List.of(file)), target);
    }
  }
}
