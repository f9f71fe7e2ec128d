package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.linux.mount.Tmpfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same specs by runc as by ourselves. */
class RuntimeTest {
  @TempDir Path work;
  private Rootfs rootfs;
  private IsolationCore own;
  private IsolationCore runc;

  @BeforeEach
  void open() throws IOException {
    rootfs = Rootfs.make(work);
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/runc")), "SKIPPED: no /usr/sbin/runc");
    own = IsolationCore.open(work.resolve("own"));
    runc =
        IsolationCore.open(
            work.resolve("runc"), Mechanism.OciRuntime.find("/usr/sbin/runc", List.of()));
  }

  @AfterEach
  void close() throws IOException {
    if (own != null) {
      own.close();
    }
    if (runc != null) {
      runc.close();
    }
  }

  private SandboxSpec spec(String script) throws IOException {
    return SandboxSpec.of(rootfs.overlay(), Run.shell(script));
  }

  private void assertSame(String script) throws IOException, InterruptedException {
    Run ours = Run.of(own, spec(script));
    Run theirs = Run.of(runc, spec(script));
    assertEquals(ours.out(), theirs.out(), theirs.error());
    assertEquals(ours.status(), theirs.status(), theirs.error());
  }

  @Test
  void start_byRunc_showsWhatOursShows() throws Exception {
    assertSame("echo $$; hostname; id; umask; pwd; env; cat /proc/self/oom_score_adj");
    assertSame("grep -E '^(Cap|NoNewPrivs|Seccomp:|NSsid)' /proc/self/status");
    assertSame("ulimit -a; ls /dev /dev/pts; cat /etc/hosts /etc/resolv.conf");
    assertSame("ls /sys/class/net; ip a | grep -c 'inet 127.0.0.1'");
    assertSame("cat /proc/sys/net/ipv4/ip_unprivileged_port_start; cat /proc/keys /proc/kcore");
    assertSame("echo x > /proc/sys/kernel/hostname; mkdir /sys/x; ls /proc/self/fd | wc -l");
    assertSame("exit 7");
  }

  @Test
  void start_user_isThatOne() throws Exception {
    User user = new User(1000, 1001, List.of(1002L, 1003L));
    SandboxSpec spec = spec("id -u; id -g; id -G; grep CapEff /proc/self/status");
    spec = spec.withCommand(spec.command().withUser(user));
    assertEquals(
        "1000\n1001\n1001 1002 1003\nCapEff:\t0000000000000000\n", Run.of(runc, spec).out());
  }

  @Test
  void start_filter_judgesAsOurs() throws Exception {
    assertSame(
        "unshare -n true; echo $?; unshare -U true; echo $?; mount -t tmpfs x /tmp; echo $?");
    assertSame("chroot / true; echo $?; mknod /tmp/d c 1 3; echo $?; setpriv --nnp true; echo $?");
  }

  @Test
  void start_mounts_areThereAndLeaveNothing() throws Exception {
    Path tree = Files.createDirectories(work.resolve("tree"));
    Files.writeString(tree.resolve("file"), "content");
    SandboxSpec spec =
        spec("cat /a/b/file; echo no > /a/b/file; echo yes > /cache/new; cat /run/secret; echo x > /t/x")
            .withMounts(
                List.of(
                    SandboxFixture.bind(tree, "/a/b", Set.of(MountFlag.READ_ONLY)),
                    SandboxFixture.bind(tree, "/cache", Set.of()),
                    new MountPoint(Tmpfs.ofBytes(1 << 20, 0755), TreePath.parse("/t"), Set.of())))
            .withFiles(
                List.of(
                    new SandboxFile(
                        TreePath.parse("/run/secret"),
                        "hush".getBytes(StandardCharsets.US_ASCII),
                        0400,
                        0,
                        0)));
    Run run = Run.of(runc, spec);
    assertEquals("contenthush", run.out(), run.error());
    assertTrue(run.error().contains("Read-only file system"), run.error());
    assertEquals("yes\n", Files.readString(tree.resolve("new")));
    try (var left = Files.walk(rootfs.upper())) {
      // overlayfs has copied the directory of /etc/hosts up
      assertEquals(
          List.of("", "etc"), left.map(p -> rootfs.upper().relativize(p).toString()).toList());
    }
  }

  @Test
  void start_danglingResolver_isFollowed() throws Exception {
    Files.createSymbolicLink(rootfs.lower().resolve("etc/resolv.conf"), Path.of("../run/x/y"));
    Run run = Run.of(runc, spec("cat /etc/resolv.conf; readlink /etc/resolv.conf"));
    assertEquals("# this sandbox has no network\n../run/x/y\n", run.out(), run.error());
    assertFalse(Files.exists(rootfs.upper().resolve("run")));
  }

  @Test
  void start_memory_isLimited() throws Exception {
    SandboxSpec spec =
        spec("dd if=/dev/zero of=/dev/null bs=64M count=1")
            .withLimits(Limits.DEFAULT.withMemory(16 << 20));
    Run run = Run.of(runc, spec);
    assertEquals(ExitStatus.OutOfMemory.class, run.status().getClass(), run.error());
    assertTrue(run.usage().peakMemoryBytes().orElse(0) > 8 << 20);
  }

  @Test
  void start_missingProgram_isACommandException() throws Exception {
    SandboxSpec spec = spec("true");
    SandboxSpec missing = spec.withCommand(Command.of(List.of("nope"), Run.ENVIRONMENT));
    CommandException e = assertThrows(CommandException.class, () -> Run.of(runc, missing));
    assertEquals("exec \"nope\": there is no such program in PATH (/bin)", e.getMessage());
    assertEquals(127, e.code());
    SandboxSpec passwd = spec.withCommand(Command.of(List.of("/etc/passwd"), Run.ENVIRONMENT));
    assertEquals(126, assertThrows(CommandException.class, () -> Run.of(runc, passwd)).code());
  }

  @Test
  void start_brokenBundle_tellsRuncsOwnMessage() throws Exception {
    SandboxSpec clock = spec("true").withOwnClock(true);
    IOException e = assertThrows(IOException.class, () -> Run.of(runc, clock));
    assertTrue(String.valueOf(e.getMessage()).startsWith("runc: "), e.getMessage());
    assertFalse(String.valueOf(e.getMessage()).contains("level"), e.getMessage());
  }

  @Test
  void kill_container_endsAll() throws Exception {
    try (Sandbox sandbox = runc.start(spec("sleep 1000 & sleep 1000"), Stdio.discarded())) {
      sandbox.kill();
      assertEquals(new ExitStatus.Signalled(9), sandbox.waitFor());
    }
    assertEquals(0, runc.sweep());
  }

  @Test
  void find_noRuntime_isOneLine() {
    IOException missing =
        assertThrows(
            IOException.class, () -> Mechanism.OciRuntime.find("no-such-runtime", List.of()));
    assertTrue(String.valueOf(missing.getMessage()).startsWith("there is no runtime"));
    IOException plain =
        assertThrows(IOException.class, () -> Mechanism.OciRuntime.find("/etc/passwd", List.of()));
    assertEquals("the runtime \"/etc/passwd\" is not an executable file", plain.getMessage());
  }

  @Test
  void start_programThatIsNoRuntime_isRefused() throws Exception {
    Mechanism none = Mechanism.OciRuntime.find("/bin/true", List.of());
    try (IsolationCore core = IsolationCore.open(work.resolve("none"), none)) {
      IOException e = assertThrows(IOException.class, () -> Run.of(core, spec("true")));
      assertEquals(
          "\"/bin/true\" is no OCI runtime: its \"run --help\" tells of no bundle", e.getMessage());
    }
  }
}
