package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.RawTar;
import io.jbuild.linux.Dir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
  private static final byte[] TAR =
      new RawTar().dir("d/").file("d/f", "hello").file("g", "x".repeat(100_000)).end();

  private static byte[] compress(String how, byte[] content) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var compressor = new CompressorStreamFactory().createCompressorOutputStream(how, out)) {
      compressor.write(content);
    }
    return out.toByteArray();
  }

  private static Optional<InputStream> open(byte[] file) throws IOException {
    return Archives.open(new ByteArrayInputStream(file), ApplyLimits.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bzip2", "xz", "zstd"})
  void open_compressedTar_knownByContent(String how) throws Exception {
    byte[] compressed = compress(how, TAR);
    try (InputStream tar = open(compressed).orElseThrow()) {
      assertEquals(TAR.length, tar.readAllBytes().length);
    }
    assertTrue(
        open(compress(how, "no tar".repeat(1000).getBytes(StandardCharsets.UTF_8))).isEmpty());
    // Whoever reads a damaged one to its end hears of it.
    try (InputStream tar =
        open(java.util.Arrays.copyOf(compressed, compressed.length - 7))
            .orElse(InputStream.nullInputStream())) {
      if (tar.available() > 0) {
        assertThrows(BadArchiveException.class, tar::readAllBytes);
      }
    }
  }

  @Test
  void open_otherFiles_areNone() throws IOException {
    assertTrue(open(TAR).isPresent());
    assertTrue(open(new byte[0]).isEmpty());
    assertTrue(open(new byte[2048]).isEmpty());
    assertTrue(open("#!/bin/sh\n".repeat(100).getBytes(StandardCharsets.UTF_8)).isEmpty());
    assertTrue(open(new byte[] {0x1f, (byte) 0x8b, 8, 0}).isEmpty());
    assertTrue(open("BZh9 is how this text begins".getBytes(StandardCharsets.UTF_8)).isEmpty());
  }

  private static void unpack(
      byte[] tar, Dir root, String directory, Optional<Archives.Owner> owner, LowerView lower)
      throws IOException {
    Archives.unpack(
        new ByteArrayInputStream(tar),
        root,
        TreePath.parse(directory),
        owner,
        lower,
        ApplyLimits.DEFAULT,
        line -> {});
  }

  @Test
  void unpack_intoADirectory_ownersAndParentsAsAsked() throws IOException {
    Attributes opt = new Attributes(0711, 3, 3, Timestamp.ofSeconds(8), new TreeMap<>());
    LowerView lower = path -> path.toString().equals("/opt") ? Optional.of(opt) : Optional.empty();
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      unpack(
          new RawTar().dir("./").file("./bin/f", "x").link('1', "g", "bin/f").end(),
          root,
          "/opt/app",
          Optional.of(new Archives.Owner(1000, 1001)),
          lower);
      List<String> lines = Trees.describe(root);
      assertEquals("/opt directory 711 3:3 @8", lines.get(0));
      assertEquals("/opt/app directory 755 0:0 @0", lines.get(1));
      assertTrue(
          lines.get(3).startsWith("/opt/app/bin/f regular file 644 1000:1001"), lines.get(3));
      assertTrue(lines.get(4).endsWith("= /opt/app/bin/f"), lines.get(4));
    }
  }

  @Test
  void unpack_entriesOfHardLinks_lastOneSaysWhatTheFileIsLike() throws IOException {
    byte[] tar =
        new RawTar()
            .file("f", "x")
            .header(
                '1',
                "g",
                0,
                block -> {
                  RawTar.put(block, 100, "0004711\0");
                  RawTar.put(block, 108, "0000007\0");
                  RawTar.put(block, 136, "00000000031\0");
                  RawTar.put(block, 157, "f");
                })
            .pax("SCHILY.xattr.user.note=kept")
            .file("noted", "x")
            .link('1', "noted-too", "noted")
            .end();
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      unpack(tar, root, "/", Optional.empty(), LowerView.NOTHING);
      List<String> lines = Trees.describe(root);
      assertTrue(lines.get(0).startsWith("/f regular file 4711 7:0 @25 "), lines.get(0));
      assertTrue(lines.get(2).contains(" user.note=kept "), lines.get(2));
    }
  }

  @Test
  void unpack_overASymlinkBelow_followedInTheRoot() throws IOException {
    LowerView lower =
        new LowerView() {
          @Override
          public Optional<Attributes> lookup(TreePath path) {
            return Optional.empty();
          }

          @Override
          public Optional<byte[]> link(TreePath path) {
            return path.toString().equals("/lib")
                ? Optional.of("usr/lib".getBytes(StandardCharsets.UTF_8))
                : Optional.empty();
          }
        };
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      unpack(new RawTar().file("lib/so", "x").end(), root, "/", Optional.empty(), lower);
      assertEquals(List.of(Name.of("usr")), root.list());
    }
  }

  @Test
  void unpack_throughItsOwnSymlinks_staysInTheDirectory() throws IOException {
    for (String target : new String[] {"..", "../../..", "/", "/opt/../.."}) {
      try (MemoryTree tree = new MemoryTree();
          Dir root = tree.root()) {
        byte[] tar =
            new RawTar()
                .link('2', "out", target)
                .file("out/f", "x")
                .link('1', "g", "out/f")
                .dir("d/")
                .link('2', "d/up", "..")
                .file("d/up/h", "y")
                .end();
        unpack(tar, root, "/opt/app", Optional.empty(), LowerView.NOTHING);
        assertEquals(List.of(Name.of("opt")), root.list(), target);
        try (Dir opt = root.open(Name.of("opt"));
            Dir app = opt.open(Name.of("app"))) {
          assertEquals(List.of(Name.of("app")), opt.list(), target);
          assertTrue(app.list().contains(Name.of("g")), target);
          assertTrue(app.list().contains(Name.of("h")), target);
        }
      }
    }
  }

  @Test
  void unpack_namelessFirstEntry_isLeftOut() throws IOException {
    byte[] tar = new RawTar().file("", "").dir("d/").file("d/f", "x").end();
    assertTrue(open(tar).isPresent());
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      unpack(tar, root, "/", Optional.empty(), LowerView.NOTHING);
      assertEquals(List.of(Name.of("d")), root.list());
    }
  }

  @Test
  void unpack_wrongChecksumBehindTheArchive_refused() throws Exception {
    byte[] wrong = compress("gz", TAR);
    wrong[wrong.length - 8] ^= 1;
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root();
        InputStream tar = open(wrong).orElseThrow()) {
      assertThrows(
          BadArchiveException.class,
          () ->
              Archives.unpack(
                  tar,
                  root,
                  TreePath.ROOT,
                  Optional.empty(),
                  LowerView.NOTHING,
                  ApplyLimits.DEFAULT,
                  warning -> {}));
    }
  }

  @Test
  void unpack_whiteoutNames_refused() {
    for (String name : new String[] {".wh.x", "d/.wh..wh..opq", ".wh..wh.plnk/x"}) {
      try (MemoryTree tree = new MemoryTree();
          Dir root = tree.root()) {
        assertThrows(
            BadArchiveException.class,
            () ->
                unpack(
                    new RawTar().file(name, "").end(),
                    root,
                    "/",
                    Optional.empty(),
                    LowerView.NOTHING));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Test
  void unpack_debianPackageList_sameAsGnuTar(@org.junit.jupiter.api.io.TempDir Path temp)
      throws Exception {
    LayerRoundTripTest.requireRoot();
    Path source = Path.of("/usr/share/doc/apt");
    assumeTrue(Files.isDirectory(source), "SKIPPED: no " + source);
    for (String flag : new String[] {"-cJf", "-cjf", "-czf"}) {
      Path file = temp.resolve("archive" + flag);
      LayerRoundTripTest.run("tar", flag, file.toString(), "-C", "/usr/share/doc", "apt");
      Path gnu = Files.createDirectory(temp.resolve("gnu" + flag));
      Path ours = Files.createDirectory(temp.resolve("ours" + flag));
      LayerRoundTripTest.run(
          "tar", "-xpf", file.toString(), "--numeric-owner", "-C", gnu.toString());
      try (Dir expected = io.jbuild.linux.KernelDir.open(gnu);
          Dir found = io.jbuild.linux.KernelDir.open(ours);
          InputStream in = Files.newInputStream(file);
          InputStream tar = Archives.open(in, ApplyLimits.DEFAULT).orElseThrow()) {
        Archives.unpack(
            tar,
            found,
            TreePath.ROOT,
            Optional.empty(),
            LowerView.NOTHING,
            ApplyLimits.DEFAULT,
            line -> {});
        assertEquals(Trees.describe(expected), Trees.describe(found));
      }
    }
  }
}
