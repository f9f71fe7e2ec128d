package io.jbuild.linux.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.FileType;
import io.jbuild.linux.FilesystemStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.Self;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MountApiTest {
  @TempDir private Path base;
  private String mountsBefore;

  @BeforeEach
  void needRoot() throws IOException {
    assumeTrue(Self.isRoot(), "mounting needs root: skipped");
    mountsBefore = mounts();
  }

  @AfterEach
  void nothingIsMounted() throws IOException {
    if (Self.isRoot()) {
      assertEquals(mountsBefore, mounts());
      try (KernelDir dir = KernelDir.open(base)) {
        for (Name name : dir.list()) {
          dir.removeTree(name); // overlay's work directories of mode 000
        }
      }
    }
  }

  /** Those of the test: others mount and unmount on this machine while it runs. */
  private String mounts() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return String.join("\n", lines.filter(line -> line.contains(base.toString())).toList());
    }
  }

  private List<Path> lowers(int count) throws IOException {
    List<Path> lowers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path lower = Files.createDirectories(base.resolve("layers").resolve("layer-" + i));
      Files.writeString(lower.resolve("own-" + i), "layer " + i);
      Files.writeString(lower.resolve("shared"), "from " + i);
      lowers.add(lower);
    }
    return lowers;
  }

  private static String read(Dir dir, String name) throws IOException {
    try (InputFile file = dir.read(Name.of(name))) {
      return new String(file.asStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertShowsAll(Fd mount, int count) throws IOException {
    try (KernelDir root = KernelDir.of(mount)) {
      assertEquals(count + 1, root.list().size());
      assertEquals("from 0", read(root, "shared"));
      for (int i = 0; i < count; i++) {
        assertEquals("layer " + i, read(root, "own-" + i));
      }
      assertEquals(FilesystemStat.OVERLAY, root.filesystem().magic());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 128, 300, 500})
  void openDetached_overlay_showsEveryLower(int count) throws IOException {
    Overlay overlay = Overlay.readOnly(lowers(count));
    try (Fd mount = MountApi.openDetached(overlay, Set.of(MountFlag.READ_ONLY))) {
      assertEquals(mountsBefore, mounts());
      assertShowsAll(mount, count);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 128})
  void openDetached_legacyOverlay_showsEveryLower(int count) throws IOException {
    Overlay overlay = Overlay.readOnly(lowers(count));
    try (Fd mount =
        LegacyOverlay.openDetached(overlay, Set.of(MountFlag.READ_ONLY), Optional.empty())) {
      assertEquals(mountsBefore, mounts());
      assertShowsAll(mount, count);
    }
  }

  @Test
  void openDetached_legacyOverlayOf300_isRefusedNotCut() throws IOException {
    Overlay overlay = Overlay.readOnly(lowers(300));
    IOException e =
        assertThrows(
            IOException.class,
            () -> LegacyOverlay.openDetached(overlay, Set.of(), Optional.empty()));
    assertTrue(e.getMessage() != null && e.getMessage().contains("300 layers need"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void openDetached_writableOverlay_changesTheUpper(boolean legacy) throws IOException {
    List<Path> lowers = lowers(1);
    Path upper = Files.createDirectory(base.resolve("upper"));
    Path work = Files.createDirectory(base.resolve("work"));
    Overlay overlay = Overlay.writable(lowers, upper, work, true);
    try (Fd mount =
            legacy
                ? LegacyOverlay.openDetached(overlay, Set.of(MountFlag.NO_DEV), Optional.empty())
                : MountApi.openDetached(overlay, Set.of(MountFlag.NO_DEV));
        KernelDir root = KernelDir.of(mount)) {
      root.create(Name.of("new"), 0644).close();
      root.unlink(Name.of("shared"));
    }
    try (KernelDir changes = KernelDir.open(upper)) {
      assertEquals(List.of(Name.of("new"), Name.of("shared")), changes.list());
      var whiteout = changes.stat(Name.of("shared"));
      assertEquals(FileType.CHARACTER_DEVICE, whiteout.type());
      assertEquals(DeviceNumber.NONE, whiteout.rdev());
    }
  }

  @Test
  void openDetached_longPathsAndOddCharacters_work() throws IOException {
    Path deep = base.resolve("a:b,c\\d=\u00e9".repeat(3));
    for (int i = 0; i < 3; i++) {
      deep = deep.resolve("x".repeat(100));
    }
    Files.createDirectories(deep);
    Files.writeString(deep.resolve("f"), "found");
    Path odd = Files.createDirectories(base.resolve("o:d,d\\"));
    Path empty = Files.createDirectories(base.resolve("empty"));
    for (Path lower : List.of(deep, odd)) {
      Files.writeString(lower.resolve("f"), "found");
      Overlay overlay = Overlay.readOnly(List.of(lower, empty));
      try (Fd mount = MountApi.openDetached(overlay, Set.of());
          Fd legacy = LegacyOverlay.openDetached(overlay, Set.of(), Optional.empty());
          KernelDir root = KernelDir.of(mount);
          KernelDir old = KernelDir.of(legacy)) {
        assertEquals("found", read(root, "f"));
        assertEquals("found", read(old, "f"));
      }
    }
  }

  @Test
  void openDetached_missingLower_namesItAndTheReason() {
    Path missing = base.resolve("missing");
    LinuxException e =
        assertThrows(
            LinuxException.class,
            () -> MountApi.openDetached(Overlay.readOnly(List.of(missing, base)), Set.of()));
    assertEquals(Errno.ENOENT, e.errno());
    assertTrue(e.getMessage().startsWith("fsconfig overlay lowerdir+=" + missing + ": ENOENT"));
  }

  @Test
  void openDetached_unknownOption_tellsWhatTheKernelSays() throws IOException {
    try (FsContext context = FsContext.open("overlay")) {
      LinuxException e =
          assertThrows(LinuxException.class, () -> context.set(new MountOption.Flag("colour")));
      assertTrue(e.getMessage().endsWith("overlay: Unknown parameter 'colour'"), e.getMessage());
    }
  }

  @Test
  void openDetached_tmpfs_hasSizeAndMode() throws IOException {
    Tmpfs tmpfs = Tmpfs.ofBytes(1 << 20, 01777);
    try (Fd mount = MountApi.openDetached(tmpfs, Set.of(MountFlag.NO_SUID));
        KernelDir root = KernelDir.of(mount)) {
      assertEquals(01777, root.stat().permissions());
      FilesystemStat filesystem = root.filesystem();
      assertEquals(1 << 20, filesystem.blocks() * filesystem.blockSize());
      assertEquals(FilesystemStat.TMPFS, filesystem.magic());
    }
  }

  @Test
  void openDetached_devPts_isAnInstanceOfItsOwn() throws IOException {
    DevPts devPts = new DevPts(java.util.OptionalLong.of(5), 0620, 0666);
    try (Fd mount = MountApi.openDetached(devPts, Set.of());
        KernelDir root = KernelDir.of(mount)) {
      assertEquals(List.of(Name.of("ptmx")), root.list());
    }
  }

  @Test
  void openDetached_readOnlyBind_refusesWrites() throws IOException {
    Path source = Files.createDirectory(base.resolve("source"));
    Files.writeString(source.resolve("f"), "bound");
    try (KernelDir dir = KernelDir.open(source);
        Fd mount = MountApi.openDetached(new Bind(dir.fd(), true), Set.of(MountFlag.READ_ONLY));
        KernelDir bound = KernelDir.of(mount)) {
      assertEquals("bound", read(bound, "f"));
      LinuxException e =
          assertThrows(LinuxException.class, () -> bound.create(Name.of("new"), 0644));
      assertEquals(Errno.EROFS, e.errno());
      dir.create(Name.of("new"), 0644).close();
      assertTrue(bound.find(Name.of("new")).isPresent());
    }
  }

  @Test
  void openDetached_procOutsideOfContainer_isABug() {
    assertThrows(IllegalArgumentException.class, () -> MountApi.openDetached(new Proc(), Set.of()));
  }

  @Test
  void attachAndDetach_showAndHideTheMount() throws IOException {
    Path target = Files.createDirectory(base.resolve("target"));
    try (Fd mount = MountApi.openDetached(Tmpfs.ofBytes(1 << 20, 0755), Set.of());
        KernelDir place = KernelDir.open(target)) {
      MountApi.attach(mount, place.fd());
      assertTrue(mounts().contains(" " + target + " tmpfs "));
      assertTrue(MountApi.detach(target));
    }
    assertFalse(MountApi.detach(target));
  }

  @Test
  void removeTree_withMountPointInside_keepsWhatIsMounted() throws IOException {
    Path host = Files.createDirectory(base.resolve("host"));
    Files.writeString(host.resolve("precious"), "keep");
    Path inner = Files.createDirectories(base.resolve("tree/mnt"));
    try (KernelDir source = KernelDir.open(host);
        KernelDir top = KernelDir.open(base);
        KernelDir target = top.resolve(TreePath.parse("tree/mnt"));
        Fd mount = MountApi.openDetached(new Bind(source.fd(), false), Set.of())) {
      MountApi.attach(mount, target.fd());
      try {
        LinuxException e =
            assertThrows(LinuxException.class, () -> top.removeTree(Name.of("tree")));
        assertTrue(e.errno() == Errno.EXDEV || e.errno() == Errno.EBUSY, e.getMessage());
      } finally {
        assertTrue(MountApi.detach(inner));
      }
    }
    assertEquals("keep", Files.readString(host.resolve("precious")));
  }

  @Test
  void overlay_outOfLimits_isNotMade() {
    Path path = Path.of("/x");
    assertThrows(IllegalArgumentException.class, () -> Overlay.readOnly(List.of()));
    assertThrows(IllegalArgumentException.class, () -> Overlay.readOnly(List.of(path)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Overlay.readOnly(java.util.Collections.nCopies(501, path)));
    assertThrows(IllegalArgumentException.class, () -> Overlay.readOnly(List.of(path, path)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Overlay(
                List.of(path), java.util.Optional.of(path), java.util.Optional.empty(), false));
  }
}
