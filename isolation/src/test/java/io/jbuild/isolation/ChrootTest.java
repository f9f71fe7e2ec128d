package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.linux.mount.Tmpfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChrootTest {
  @TempDir Path work;
  private Path root;
  private KernelDir opened;
  private IsolationCore core;

  @BeforeEach
  void open() throws IOException {
    root = Rootfs.make(work).lower();
    Files.createDirectories(root.resolve("dev"));
    Files.writeString(root.resolve("dev/kept"), "of the image");
    Files.writeString(root.resolve("etc/hosts"), "of the image");
    opened = KernelDir.open(root);
    core = IsolationCore.open(work.resolve("run"), Mechanism.chroot());
  }

  @AfterEach
  void close() throws IOException {
    if (core != null) {
      core.close();
    }
    if (opened != null) {
      opened.close();
    }
  }

  private SandboxSpec spec(String script) {
    return SandboxSpec.of(new Bind(opened.fd(), false), Run.shell(script))
        .withNetwork(Network.HOST);
  }

  private Run run(SandboxSpec spec) throws IOException, InterruptedException {
    return Run.of(core, spec);
  }

  /** Every path with its time, and the content of files. */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (var all = Files.walk(work.resolve("lower"))) {
      for (Path path : (Iterable<Path>) all::iterator) {
        FileTime time = Files.getLastModifiedTime(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        state.put(root.relativize(path).toString(), time.toString());
      }
    }
    return state;
  }

  @Test
  void start_command_seesItsRootAndNoMore() throws Exception {
    Run run = run(spec("pwd; ls /proc /sys; ls /dev; cat /etc/hosts; ls -d " + work));
    assertEquals(
        "/\n/proc:\n\n/sys:\nfd\nfull\nnull\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n"
            + "127.0.0.1\tlocalhost jbuild\n::1\tlocalhost ip6-localhost ip6-loopback\n",
        run.out(),
        run.error());
  }

  @Test
  void start_command_leavesNoTrace() throws Exception {
    Map<String, String> before = state();
    Run run =
        run(
            spec(
                "echo x > /dev/null; echo y > /dev/new; echo z > /proc/new; echo q >> /etc/hosts; true"));
    assertEquals("", run.error());
    assertEquals(before, state());
    assertEquals("of the image", Files.readString(root.resolve("etc/hosts")));
    assertEquals("of the image", Files.readString(root.resolve("dev/kept")));
  }

  @Test
  void start_capabilities_lackTheWayOut() throws Exception {
    Run run =
        run(
            spec(
                "chroot / true || echo no; unshare -m true || echo no; mknod /d c 1 3 || echo no"));
    assertEquals("no\nno\nno\n", run.out(), run.error());
  }

  @Test
  void waitFor_orphans_areEnded() throws Exception {
    Path sign = root.resolve("sign");
    Files.createFile(sign);
    // the inner shells leave their children to others, in sessions and groups of their own
    Run run =
        run(
            spec(
                "for i in 1 2 3; do (setsid sh -c 'sleep 1000 & (sleep 1000 &) & wait' &); done;"
                    + " (sleep 1000 &); echo started"));
    assertEquals("started\n", run.out());
    assertEquals(List.of(), sleepers());
  }

  /** Processes that have this test's root as theirs. */
  private List<String> sleepers() throws IOException {
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      List<String> found = new java.util.ArrayList<>();
      for (Path process : all) {
        Optional<Path> itsRoot = rootOf(process);
        if (itsRoot.isPresent() && itsRoot.get().equals(root)) {
          found.add(process.toString());
        }
      }
      return found;
    }
  }

  private static Optional<Path> rootOf(Path process) {
    try {
      return Optional.of(Files.readSymbolicLink(process.resolve("root")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Test
  void kill_orphans_areEnded() throws Exception {
    try (Sandbox sandbox = core.start(spec("sleep 1000 & sleep 1000 & wait"), Stdio.discarded())) {
      sandbox.kill();
      assertEquals(new ExitStatus.Signalled(9), sandbox.waitFor());
    }
    assertEquals(List.of(), sleepers());
  }

  @Test
  void start_mounts_areCopiesAndMoves() throws Exception {
    Path tree = Files.createDirectories(work.resolve("tree"));
    Files.writeString(tree.resolve("file"), "content");
    Path cache = Files.createDirectories(work.resolve("cache"));
    Map<String, String> before = state();
    SandboxSpec spec =
        spec("cat /a/b/file; echo no > /a/b/file; echo yes > /cache/new; cat /run/secret; echo x > /t/x")
            .withMounts(
                List.of(
                    SandboxFixture.bind(tree, "/a/b", Set.of(MountFlag.READ_ONLY)),
                    SandboxFixture.bind(cache, "/cache", Set.of()),
                    new MountPoint(
                        new Tmpfs(
                            java.util.OptionalLong.empty(), java.util.OptionalLong.empty(), 0755),
                        TreePath.parse("/t"),
                        Set.of())))
            .withFiles(
                List.of(
                    new SandboxFile(
                        TreePath.parse("/run/secret"),
                        "hush".getBytes(StandardCharsets.US_ASCII),
                        0400,
                        0,
                        0)));
    assertEquals("contenthush", run(spec).out());
    assertEquals("content", Files.readString(tree.resolve("file")));
    assertEquals("yes\n", Files.readString(cache.resolve("new")));
    assertEquals(before, state());
  }

  @Test
  void start_placeThatCannotBeFilled_isAsItWas() throws Exception {
    Path cache = Files.createDirectories(work.resolve("cache"));
    MountPoint gone = SandboxFixture.bind(cache, "/etc", Set.of());
    Files.delete(cache);
    Map<String, String> before = state();
    assertThrows(IOException.class, () -> run(spec("true").withMounts(List.of(gone))));
    assertEquals(before, state());
    assertEquals("of the image", Files.readString(root.resolve("etc/hosts")));
  }

  @Test
  void start_user_isThatOne() throws Exception {
    SandboxSpec spec = spec("id -u; id -g; sleep 1000 &");
    spec = spec.withCommand(spec.command().withUser(new User(1000, 1001, List.of(1002L))));
    assertEquals("1000\n1001\n", run(spec).out());
    assertEquals(List.of(), sleepers());
  }

  @Test
  void start_whatAChrootCannotBe_isRefused() {
    IOException network =
        assertThrows(IOException.class, () -> run(spec("true").withNetwork(Network.NONE)));
    assertEquals(
        "a chroot cannot have a network of its own: say --network=host", network.getMessage());
    assertThrows(IOException.class, () -> run(spec("true").withReadOnlyRoot(true)));
    assertThrows(IOException.class, () -> run(spec("true").withWalls(Walls.INSECURE)));
    assertTrue(Files.exists(root.resolve("etc/hosts")));
    assertFalse(Files.exists(work.resolve("covered")));
  }
}
