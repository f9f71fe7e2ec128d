package io.jbuild.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelDirTest extends DirContract {
  private static final Name TREE = Name.of("tree");

  @TempDir private Path temporary;
  private Path path;
  private KernelDir root;
  private int openBefore;

  @BeforeEach
  void makeDirectory() throws IOException {
    path = Files.createDirectory(temporary.resolve("root"));
    openBefore = openDescriptors();
    root = KernelDir.open(path);
  }

  @AfterEach
  void removeDirectory() throws IOException {
    root.close();
    assertEquals(openBefore, openDescriptors(), "descriptors were leaked");
    try (KernelDir parent = KernelDir.open(temporary)) {
      parent.removeTree(Name.of("root")); // JUnit cannot: too deep, names that are not UTF-8
    }
  }

  @Override
  protected Dir root() {
    return root;
  }

  @Override
  protected boolean isPrivileged() {
    return Self.isRoot();
  }

  /** Without the JVM's own: files and libraries that it opens whenever it likes. */
  private static int openDescriptors() {
    int count = 0;
    for (File fd : Optional.ofNullable(new File("/proc/self/fd").listFiles()).orElseThrow()) {
      String target = target(fd);
      count += target.startsWith("/tmp") && !target.endsWith(".jar") ? 1 : 0;
    }
    return count;
  }

  private static String target(File link) {
    try {
      return Files.readSymbolicLink(link.toPath()).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  private void makeDeep(int depth, int permissions) throws IOException {
    Dir dir = root.makeDir(TREE, 0755);
    for (int i = 0; i < depth; i++) {
      dir.create(Name.of("file"), 0600).close();
      Dir below = dir.makeDir(Name.of("directory"), 0755);
      dir.setPermissions(permissions);
      dir.close();
      dir = below;
    }
    dir.close();
  }

  @Test
  void removeTree_3000Deep_isGone() throws IOException {
    makeDeep(3000, 0755);
    root.removeTree(TREE);
    assertEquals(List.of(), root.list());
  }

  @Test
  void removeTree_directoriesOfMode000_areGone() throws IOException {
    makeDeep(100, 0);
    root.removeTree(TREE);
    assertEquals(List.of(), root.list());
  }

  /** Somebody turns the directory into a symlink and back while it is being removed. */
  @Test
  void removeTree_raceWithSymlink_neverLeavesTheTree() throws Exception {
    try (KernelDir victim = root.makeDir(Name.of("victim"), 0755)) {
      victim.create(Name.of("precious"), 0600).close();
    }
    root.symlink(Name.of("link"), "../victim".getBytes(UTF_8));
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Integer> swapping = CompletableFuture.supplyAsync(() -> swap(done));
    for (int i = 0; i < 300; i++) {
      try (Dir tree = root.makeDir(TREE, 0755);
          Dir sub = tree.makeDir(Name.of("sub"), 0755)) {
        sub.create(Name.of("precious"), 0600).close();
        sub.create(Name.of("other"), 0600).close();
      } catch (LinuxException e) {
        // the other thread was faster, with the directory or with the link
        assertTrue(
            Set.of(Errno.EEXIST, Errno.ENOTDIR, Errno.ENOENT).contains(e.errno()), e.getMessage());
      }
      removeAgainstRaces();
    }
    done.set(true);
    int unused = swapping.get();
    try (KernelDir victim = root.open(Name.of("victim"))) {
      assertTrue(victim.find(Name.of("precious")).isPresent());
    }
  }

  /** Exchanges tree/sub with a symlink to the victim, as often as there is one. */
  private int swap(AtomicBoolean done) {
    int swapped = 0;
    while (!done.get()) {
      try (KernelDir tree = root.open(TREE)) {
        tree.rename(Name.of("sub"), root, Name.of("aside"), true);
        tree.link(Name.of("sub"), root, Name.of("link"));
        swapped++;
      } catch (IOException e) {
        Thread.onSpinWait(); // not there at the moment
      }
    }
    return swapped;
  }

  private void removeAgainstRaces() throws IOException {
    for (Name each : List.of(TREE, Name.of("aside"))) {
      boolean gone = false;
      while (!gone) {
        try {
          root.removeTree(each);
        } catch (LinuxException e) {
          gone = e.errno() == Errno.ENOENT && root.find(each).isEmpty();
        }
      }
    }
  }

  @Test
  void setPermissions_throughDescriptor_refusesSymlink() throws IOException {
    root.create(Name.of("f"), 0600).close();
    root.symlink(Name.of("l"), "f".getBytes(UTF_8));
    root.makeNode(Name.of("p"), FileType.FIFO, 0600, DeviceNumber.NONE);
    assertEquals(0, Permissions.throughDescriptor(root.number(), Name.of("f"), 0711));
    assertEquals(0, Permissions.throughDescriptor(root.number(), Name.of("p"), 0722));
    assertEquals(
        -Errno.EOPNOTSUPP.number(),
        Permissions.throughDescriptor(root.number(), Name.of("l"), 0777));
    assertEquals(0711, root.stat(Name.of("f")).permissions());
    assertEquals(0722, root.stat(Name.of("p")).permissions());
  }

  @Test
  void resolve_symlinks_stayInside() throws IOException {
    try (Dir etc = root.makeDir(Name.of("etc"), 0755)) {
      etc.create(Name.of("passwd"), 0644).close();
      etc.makeDir(Name.of("sub"), 0755).close();
    }
    root.symlink(Name.of("absolute"), "/etc/sub".getBytes(UTF_8));
    root.symlink(Name.of("climbing"), "../../../etc".getBytes(UTF_8));
    root.symlink(Name.of("magic"), "/proc/self/root".getBytes(UTF_8));
    try (KernelDir dir = root.resolve(TreePath.parse("/absolute"));
        KernelDir etc = root.resolve(TreePath.parse("climbing"));
        KernelDir same = root.resolve(TreePath.ROOT);
        Fd passwd = root.resolvePath(TreePath.parse("/climbing/passwd"))) {
      assertEquals(path.resolve("etc/sub").toString(), unquoted(dir));
      assertEquals(path.resolve("etc").toString(), unquoted(etc));
      assertTrue(same.stat().isSameFile(root.stat()));
      assertTrue(passwd.isOpen());
    }
    assertErrno(Errno.ENOENT, "/magic");
    assertErrno(Errno.ENOTDIR, "/etc/passwd");
  }

  private static String unquoted(KernelDir dir) {
    String text = dir.toString();
    return text.substring(1, text.length() - 1);
  }

  private void assertErrno(Errno errno, String wanted) {
    LinuxException e =
        assertThrows(LinuxException.class, () -> root.resolve(TreePath.parse(wanted)));
    assertEquals(errno, e.errno());
  }

  @Test
  void resolve_magicLinkOfMountedProc_isRefused() throws IOException {
    try (KernelDir proc = KernelDir.open(Path.of("/proc"))) {
      LinuxException e =
          assertThrows(LinuxException.class, () -> proc.resolve(TreePath.parse("/self/root")));
      assertEquals(Errno.ELOOP, e.errno());
    }
  }

  @Test
  void failure_message_namesCallOperandsFlagsAndErrno() throws IOException {
    LinuxException open = assertThrows(LinuxException.class, () -> root.open(Name.of("a\nb")));
    assertEquals(
        "openat \"a\\nb\" in \""
            + path
            + "\" (O_RDONLY|O_DIRECTORY|O_NOFOLLOW): ENOENT (no such file or directory)",
        open.getMessage());
    LinuxException mkdir =
        assertThrows(LinuxException.class, () -> root.makeDir(Name.of("n".repeat(300)), 0755));
    assertTrue(mkdir.getMessage().endsWith("(0755): ENAMETOOLONG (file name too long)"));
    root.makeNode(Name.of("p"), FileType.FIFO, 0600, DeviceNumber.NONE);
    LinuxException fifo = assertThrows(LinuxException.class, () -> root.read(Name.of("p")));
    assertEquals(
        "read \"p\" in \"" + path + "\": EINVAL (invalid argument): not a regular file but a fifo",
        fifo.getMessage());
  }

  @Test
  void open_pathThatIsNotUtf8_isFound() throws IOException {
    Name odd = Name.of(new byte[] {'d', (byte) 0xff, '%', '4', '1'});
    root.makeDir(odd, 0755).close();
    Path found;
    try (var entries = Files.list(path)) {
      found = entries.findFirst().orElseThrow();
    }
    try (KernelDir dir = KernelDir.open(found)) {
      assertTrue(dir.stat().isSameFile(root.stat(odd)));
    }
  }

  @Test
  void xattrs_largestValue_isReadBack() throws IOException {
    Name file = Name.of("f");
    root.create(file, 0600).close();
    byte[] large = new byte[3000];
    large[2999] = 5;
    root.setXattr(file, "user.large", large);
    assertArrayEquals(large, root.xattrs(file).get("user.large"));
    LinuxException tooLarge =
        assertThrows(
            LinuxException.class, () -> root.setXattr(file, "user.larger", new byte[65537]));
    assertEquals(Errno.E2BIG, tooLarge.errno());
  }

  @Test
  void read_realDevice_isRefused() throws IOException {
    assumeTrue(Self.isRoot(), "device nodes need root: skipped");
    root.makeNode(Name.of("zero"), FileType.CHARACTER_DEVICE, 0666, new DeviceNumber(1, 5));
    LinuxException e = assertThrows(LinuxException.class, () -> root.read(Name.of("zero")));
    assertTrue(e.getMessage().endsWith("not a regular file but a character device"));
  }

  @Test
  void cloneFrom_eitherSharesOrSaysNo() throws IOException {
    try (OutputFile out = root.create(Name.of("a"), 0600)) {
      out.write("content".getBytes(UTF_8), 0, 7);
    }
    try (InputFile in = root.read(Name.of("a"));
        OutputFile out = root.create(Name.of("b"), 0600)) {
      long expected = out.cloneFrom(in) ? 7 : 0;
      assertEquals(expected, out.stat().size());
    }
  }

  @Test
  void filesystem_isToldAndSynced() throws IOException {
    assertTrue(root.filesystem().blockSize() > 0);
    try (KernelDir proc = KernelDir.open(Path.of("/proc"))) {
      assertEquals(FilesystemStat.PROC, proc.filesystem().magic());
    }
    root.sync();
    root.syncFilesystem();
  }
}
