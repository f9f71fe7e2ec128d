package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.RawTar;
import io.jbuild.layers.tar.TarLimits;
import io.jbuild.linux.Dir;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.MemoryTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers that mean harm: each is refused, or becomes exactly the tree that is written beside it.
 */
class HostileLayerTest {
  private static RawTar tar() {
    return new RawTar();
  }

  private static Arguments refused(String what, RawTar archive) {
    return Arguments.of(what, archive.end(), null);
  }

  private static Arguments becomes(String what, RawTar archive, String... lines) {
    return Arguments.of(what, archive.end(), List.of(lines));
  }

  static Stream<Arguments> layers() {
    String n256 = "n".repeat(256);
    return Stream.of(
        refused("A01 climbing", tar().file("../../../host/pwn", "x")),
        refused("A01 climbing inside", tar().file("a/../b", "x")),
        refused("A01 climbing in PAX", tar().pax("path=../pwn").file("f", "x")),
        refused(
            "A01 climbing in a prefix",
            tar().header('0', "pwn", 0, b -> RawTar.put(b, 345, "../.."))),
        refused(
            "A01 climbing in a long name",
            tar().header('L', "l", 7).data("../pwn\0").file("f", "")),
        refused(
            "A01 climbing in a sparse name",
            tar()
                .pax(
                    "GNU.sparse.size=0",
                    "GNU.sparse.numblocks=0",
                    "GNU.sparse.map=",
                    "GNU.sparse.name=../p")
                .file("f", "")),
        becomes("A02 absolute", tar().file("/host/pwn", "x"), "/host dir", "/host/pwn file x"),
        refused("A03 root as symlink", tar().link('2', ".", "/host")),
        refused("A03 root as symlink /", tar().link('2', "/", "/host")),
        refused("A03 root as file", tar().file("./", "")),
        refused("A03 .. as directory", tar().dir("..")),
        becomes(
            "A04 absolute link as parent",
            tar().link('2', "x", "/host").file("x/pwn", "x"),
            "/host dir",
            "/host/pwn file x",
            "/x -> /host"),
        becomes(
            "A04 relative link as parent",
            tar().dir("a").link('2', "a/x", "../../../host").file("a/x/pwn", "x"),
            "/a dir",
            "/a/x -> ../../../host",
            "/host dir",
            "/host/pwn file x"),
        becomes(
            "A04 three links",
            tar().link('2', "a", "b").link('2', "b", "c/d").link('2', "c", "/e").file("a/f", "x"),
            "/a -> b",
            "/b -> c/d",
            "/c -> /e",
            "/e dir",
            "/e/d dir",
            "/e/d/f file x"),
        becomes(
            "A04 /proc/self/root",
            tar().link('2', "x", "/proc/self/root").file("x/f", "x"),
            "/proc dir",
            "/proc/self dir",
            "/proc/self/root dir",
            "/proc/self/root/f file x",
            "/x -> /proc/self/root"),
        becomes(
            "A05 directory replaced by link",
            tar().dir("d/").file("d/f", "x").link('2', "d", "/host").file("d/pwn", "y"),
            "/d -> /host",
            "/host dir",
            "/host/pwn file y"),
        refused("A06 link loop", tar().link('2', "a", "b").link('2', "b", "a").file("a/f", "x")),
        refused("A06 link to itself below", tar().link('2', "a", "a/b").file("a/f", "x")),
        becomes(
            "A07 directory over link",
            tar()
                .link('2', "x", "/host")
                .header('5', "x/", 0, b -> RawTar.put(b, 100, "0000777\0")),
            "/x dir 777 opaque"),
        becomes(
            "A08 file over link",
            tar().link('2', "x", "/host/passwd").file("x", "new"),
            "/x file new"),
        refused("A09 hard link out", tar().link('1', "x", "/host/shadow")),
        refused("A09 hard link climbing", tar().link('1', "x", "../host")),
        refused(
            "A09 hard link through link", tar().link('2', "d", "/host").link('1', "x", "d/shadow")),
        refused("A09 hard link to itself", tar().file("x", "x").link('1', "x", "x")),
        refused("A09 hard link to a directory", tar().dir("d/").link('1', "x", "d")),
        refused("A09 hard link to the root", tar().link('1', "x", "/")),
        refused("A09 hard link forward", tar().link('1', "x", "y").file("y", "x")),
        refused(
            "A09 hard link over its target's directory",
            tar().dir("d/").file("d/f", "x").link('1', "d", "d/f")),
        refused(
            "A10 hard link to a file of the working directory", tar().link('1', "x", "pom.xml")),
        becomes(
            "A11 hard link, absolute target",
            tar().file("bin/a", "x").link('1', "b", "/bin/a"),
            "/b file x",
            "/bin dir",
            "/bin/a file x"),
        becomes(
            "A11 usrmerge",
            tar()
                .dir("usr/")
                .dir("usr/lib/")
                .link('2', "lib", "/usr/lib")
                .file("lib/so", "x")
                .link('1', "lib/so.1", "/lib/so"),
            "/lib -> /usr/lib",
            "/usr dir",
            "/usr/lib dir",
            "/usr/lib/so file x",
            "/usr/lib/so.1 file x"),
        becomes(
            "A11 hard link to a link",
            tar().link('2', "s", "nowhere").link('1', "t", "s"),
            "/s -> nowhere",
            "/t -> nowhere"),
        refused(
            "A12 hard link with data",
            tar().file("a", "x").header('1', "b", 1, b -> RawTar.put(b, 157, "a")).data("y")),
        refused("A13 whiteout of ..", tar().file(".wh...", "")),
        refused("A13 whiteout of .", tar().file(".wh..", "")),
        refused("A13 whiteout of nothing", tar().file(".wh.", "")),
        refused("A13 whiteout as directory", tar().dir(".wh.d/")),
        refused("A13 whiteout as symlink", tar().link('2', ".wh.d", "/host")),
        refused("A13 below a whiteout", tar().file(".wh.d/f", "")),
        becomes(
            "A14 whiteout through link",
            tar().link('2', "x", "/host").file("x/.wh.target", "").file("x/.wh..wh..opq", ""),
            "/host dir 755 opaque",
            "/host/target whiteout",
            "/x -> /host"),
        becomes("A15 file, then its whiteout", tar().file("f", "x").file(".wh.f", ""), "/f file x"),
        becomes("A15 whiteout, then its file", tar().file(".wh.f", "").file("f", "x"), "/f file x"),
        becomes(
            "A15 directory, then its whiteout",
            tar().dir("d/").file("d/f", "x").file(".wh.d", ""),
            "/d dir 755 opaque",
            "/d/f file x"),
        becomes(
            "A15 whiteout, then its directory",
            tar().file(".wh.d", "").dir("d/").file("d/f", "x"),
            "/d dir 755 opaque",
            "/d/f file x"),
        becomes(
            "A15 whiteout, then below it",
            tar().file(".wh.d", "").file("d/f", "x"),
            "/d dir 755 opaque",
            "/d/f file x"),
        becomes(
            "A15 opaque after siblings",
            tar().dir("d/").file("d/f", "x").file("d/.wh..wh..opq", ""),
            "/d dir 755 opaque",
            "/d/f file x"),
        becomes("A15 whiteout twice", tar().file(".wh.f", "").file(".wh.f", ""), "/f whiteout"),
        becomes(
            "A16 AUFS",
            tar()
                .dir(".wh..wh.plnk/")
                .file(".wh..wh.plnk/1.2", "x")
                .file(".wh..wh.aufs", "")
                .file("d/.wh..wh.orph/f", "")
                .file("f", "x"),
            "/f file x"),
        refused("A17 overlay whiteout as device", tar().header('3', "passwd", 0)),
        becomes(
            "A18 overlay attributes",
            tar()
                .pax(
                    "SCHILY.xattr.trusted.overlay.opaque=y",
                    "SCHILY.xattr.user.overlay.opaque=y",
                    "SCHILY.xattr.trusted.overlay.redirect=/etc",
                    "SCHILY.xattr.user.fuseoverlayfs.opaque=y",
                    "SCHILY.xattr.trusted.overlay.overlay.opaque=y")
                .dir("d/"),
            "/d dir"),
        becomes(
            "A19 device",
            tar()
                .header(
                    '4',
                    "sda",
                    0,
                    b -> {
                      RawTar.put(b, 329, "0000010\0");
                      RawTar.put(b, 337, "0000000\0");
                    }),
            "/sda block device"),
        refused(
            "A19 device out of range",
            tar().header('4', "sda", 0, b -> RawTar.put(b, 329, "7777777\0"))),
        becomes("A20 FIFO, then a file", tar().header('6', "f", 0).file("f", "x"), "/f file x"),
        becomes(
            "A21 setuid",
            tar().header('0', "su", 0, b -> RawTar.put(b, 100, "0004755\0")),
            "/su file "),
        refused("A22 uid -1", tar().pax("uid=4294967295").file("f", "")),
        becomes(
            "A23 wild mode",
            tar().header('0', "f", 0, b -> RawTar.put(b, 100, "7777777\0")),
            "/f file "),
        becomes(
            "A23 closed directory",
            tar().header('5', "d/", 0, b -> RawTar.put(b, 100, "0000000\0")).file("d/f", "x"),
            "/d dir 0",
            "/d/f file x"),
        becomes(
            "A23 child before parent",
            tar().file("d/f", "x").header('5', "d/", 0, b -> RawTar.put(b, 100, "0000711\0")),
            "/d dir 711",
            "/d/f file x"),
        becomes(
            "A24 labels of a host",
            tar()
                .pax(
                    "SCHILY.xattr.security.selinux=x",
                    "SCHILY.xattr.security.ima=x",
                    "SCHILY.xattr.security.evm=x",
                    "SCHILY.xattr.trusted.x=y")
                .file("f", "x"),
            "/f file x"),
        refused(
            "A24 attribute of 70 kB",
            tar().pax("SCHILY.xattr.user.big=" + "x".repeat(70_000)).file("f", "x")),
        refused(
            "A24 attribute name of 300 bytes",
            tar().pax("SCHILY.xattr.user." + "x".repeat(300) + "=v").file("f", "x")),
        becomes(
            "A25 odd names",
            tar()
                .file("-rf", "")
                .file(":a,b\\c", "")
                .file("new\nline", "")
                .file("\u00ff\u00fe", ""),
            "/-rf file ",
            "/:a,b\\\\c file ",
            "/new\\nline file ",
            "/\\xff\\xfe file "),
        becomes(
            "A25 255 bytes",
            tar().pax("path=" + "n".repeat(255)).file("f", ""),
            "/" + "n".repeat(255) + " file "),
        refused("A25 256 bytes", tar().pax("path=" + n256).file("f", "")),
        refused("A25 256 bytes on the way", tar().pax("path=" + n256 + "/f").file("f", "")),
        becomes(
            "A26 duplicates and swaps",
            tar()
                .file("a", "1")
                .file("a", "2")
                .dir("b/")
                .file("b/c", "x")
                .file("b", "file")
                .file("c", "file")
                .dir("c/")
                .file("A", "twin"),
            "/A file twin",
            "/a file 2",
            "/b file file",
            "/c dir 755 opaque"),
        refused("A26 file as a parent", tar().file("a", "").file("a/b", "")),
        refused(
            "A27 text", tar().raw("not a tar at all".repeat(64).getBytes(StandardCharsets.UTF_8))),
        becomes(
            "A30 PAX size",
            tar()
                .pax("size=512")
                .header('0', "f", 0)
                .raw(new RawTar().header('0', "evil", 0).unfinished()),
            "/f file 512"),
        becomes(
            "A31 sparse",
            tar()
                .pax("GNU.sparse.size=8", "GNU.sparse.numblocks=1", "GNU.sparse.map=4,2")
                .file("f", "ab"),
            "/f file \\x00\\x00\\x00\\x00ab\\x00\\x00"),
        refused(
            "A31 sparse 1 TiB",
            tar()
                .pax(
                    "GNU.sparse.size=1099511627776", "GNU.sparse.numblocks=1", "GNU.sparse.map=0,1")
                .file("f", "a")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void apply_inMemory_asTabled(
      String what, byte[] archive, @org.jspecify.annotations.Nullable List<String> expected)
      throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      check(what, archive, expected, root);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void apply_onDisk_asTabledAndNothingOutside(
      String what,
      byte[] archive,
      @org.jspecify.annotations.Nullable List<String> expected,
      @TempDir Path temp)
      throws IOException {
    LayerRoundTripTest.requireRoot();
    Path host = Files.createDirectory(temp.resolve("host"));
    Files.writeString(host.resolve("shadow"), "secret");
    Files.createDirectory(temp.resolve("fs"));
    try (KernelDir outside = KernelDir.open(temp);
        KernelDir root = KernelDir.open(temp.resolve("fs"))) {
      List<String> before = hostLines(outside);
      check(what, archive, expected, root);
      assertEquals(before, hostLines(outside));
    }
  }

  private static List<String> hostLines(Dir outside) throws IOException {
    List<String> lines = new ArrayList<>(Trees.describe(outside));
    lines.removeIf(line -> !line.startsWith("/host"));
    return lines;
  }

  private static final ApplyLimits LIMITS = new ApplyLimits(1000, 1 << 26, 500, TarLimits.DEFAULT);

  private static void check(
      String what,
      byte[] archive,
      @org.jspecify.annotations.Nullable List<String> expected,
      Dir root)
      throws IOException {
    LayerApplier applier = new LayerApplier(LIMITS, line -> {});
    if (expected == null) {
      BadArchiveException refusal =
          assertThrows(
              BadArchiveException.class,
              () -> applier.apply(new ByteArrayInputStream(archive), root),
              what);
      String message = String.valueOf(refusal.getMessage());
      assertTrue(
          message.length() < 1000 && message.chars().noneMatch(Character::isISOControl), message);
    } else {
      applier.apply(new ByteArrayInputStream(archive), root);
      assertEquals(expected, lines(root), what);
    }
  }

  /** Path, type, and what the expectations above mention. */
  private static List<String> lines(Dir root) throws IOException {
    List<String> lines = new ArrayList<>();
    lines(root, "", lines);
    return lines;
  }

  private static void lines(Dir dir, String prefix, List<String> lines) throws IOException {
    for (var name : dir.list()) {
      var stat = dir.stat(name);
      String path = prefix + "/" + name;
      switch (stat.type()) {
        case DIRECTORY -> {
          boolean opaque = Xattrs.isOpaque(dir.xattrs(name));
          boolean plain = stat.permissions() == 0755 && !opaque;
          lines.add(
              path
                  + " dir"
                  + (plain ? "" : String.format(" %o", stat.permissions()))
                  + (opaque ? " opaque" : ""));
          try (Dir below = dir.open(name)) {
            lines(below, path, lines);
          }
        }
        case SYMLINK ->
            lines.add(path + " -> " + new String(dir.readLink(name), StandardCharsets.UTF_8));
        case REGULAR -> {
          try (var file = dir.read(name)) {
            byte[] content = file.asStream().readAllBytes();
            lines.add(
                path
                    + " file "
                    + (content.length > 100
                        ? String.valueOf(content.length)
                        : io.jbuild.linux.Printable.of(content)));
          }
        }
        default -> lines.add(path + " " + (Whiteouts.isWhiteout(stat) ? "whiteout" : stat.type()));
      }
      for (String xattr : dir.xattrs(name).keySet()) {
        assertTrue(Xattrs.isPortable(xattr) || xattr.equals(Xattrs.OPAQUE), xattr);
      }
    }
  }

  @Test
  void apply_setuidAndWildModes_exact() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      byte[] archive =
          tar()
              .header('0', "f", 0, b -> RawTar.put(b, 100, "7777777\0"))
              .header('0', "su", 0, b -> RawTar.put(b, 100, "0004755\0"))
              .end();
      new LayerApplier(LIMITS, line -> {}).apply(new ByteArrayInputStream(archive), root);
      assertEquals(07777, root.stat(io.jbuild.linux.Name.of("f")).permissions());
      assertEquals(04755, root.stat(io.jbuild.linux.Name.of("su")).permissions());
    }
  }

  @Test
  void apply_tooManyEntriesOrBytes_stops() throws IOException {
    RawTar many = tar().file("f", "x");
    for (int i = 0; i < 1001; i++) {
      many.link('1', "l" + i, "f");
    }
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      LayerApplier applier = new LayerApplier(LIMITS, line -> {});
      assertThrows(
          BadArchiveException.class,
          () -> applier.apply(new ByteArrayInputStream(many.end()), root));
      byte[] big = tar().header('0', "big", (1 << 26) + 1).end();
      assertThrows(
          BadArchiveException.class, () -> applier.apply(new ByteArrayInputStream(big), root));
    }
  }

  @Test
  void apply_implicitDirectories_takeAttributesFromBelow() throws IOException {
    Attributes below =
        new Attributes(
            01777, 5, 6, io.jbuild.linux.Timestamp.ofSeconds(99), new java.util.TreeMap<>());
    LowerView lower =
        path ->
            path.toString().equals("/tmp")
                ? java.util.Optional.of(below)
                : java.util.Optional.empty();
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      new LayerApplier(LIMITS, lower, line -> {})
          .apply(new ByteArrayInputStream(tar().file("tmp/f", "x").end()), root);
      var stat = root.stat(io.jbuild.linux.Name.of("tmp"));
      assertEquals(below, Attributes.of(stat, root.xattrs(io.jbuild.linux.Name.of("tmp"))));
    }
  }
}
