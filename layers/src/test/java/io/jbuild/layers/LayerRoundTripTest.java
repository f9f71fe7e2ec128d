package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.Dir;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.DiffId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerRoundTripTest {
  private static final Attributes DIR = Attributes.DIRECTORY;
  private static final Attributes FILE =
      new Attributes(0644, 0, 0, Timestamp.ofSeconds(5), new TreeMap<>());

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  static void requireRoot() {
    assumeTrue(isRoot(), "SKIPPED: needs root for owners, devices and trusted attributes");
  }

  /** Writer, scanner and applier agree about a tree: on the tar, and on the directory. */
  private static void roundTrip(Dir written, Dir applied, long seed, int size) throws IOException {
    LayerSummary made = Trees.random(written, seed, size);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    LayerSummary scanned = LayerScanner.write(written, false, tar);
    assertEquals(made, scanned, "seed " + seed);
    assertEquals(tar.size(), made.tarSize());
    LayerSummary unpacked =
        new LayerApplier(ApplyLimits.DEFAULT, line -> {})
            .apply(new ByteArrayInputStream(tar.toByteArray()), applied, made.diffId());
    assertEquals(made.entries(), unpacked.entries());
    assertEquals(Trees.describe(written), Trees.describe(applied), "seed " + seed);
    assertEquals(made, LayerScanner.write(applied, false, new ByteArrayOutputStream()));
  }

  @Test
  void roundTrip_randomTreesInMemory_same() throws IOException {
    for (long seed = 0; seed < 60; seed++) {
      try (MemoryTree one = new MemoryTree();
          MemoryTree other = new MemoryTree();
          Dir written = one.root();
          Dir applied = other.root()) {
        roundTrip(written, applied, seed, 6);
      }
    }
  }

  @Test
  void roundTrip_randomTreesOnDisk_same(@TempDir Path temp) throws IOException {
    requireRoot();
    for (long seed = 100; seed < 110; seed++) {
      Path one = Files.createDirectory(temp.resolve("w" + seed));
      Path other = Files.createDirectory(temp.resolve("a" + seed));
      try (Dir written = KernelDir.open(one);
          Dir applied = KernelDir.open(other)) {
        roundTrip(written, applied, seed, 7);
      }
    }
  }

  @Test
  void roundTrip_attributes_kept(@TempDir Path temp) throws IOException {
    requireRoot();
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    xattrs.put("user.note", new byte[] {0, 1, (byte) 0xff});
    // A version 2 capability: cap_net_bind_service=ep.
    byte[] capability = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    xattrs.put("security.capability", capability);
    xattrs.put("trusted.overlay.redirect", new byte[] {'/'});
    xattrs.put("user.overlay.opaque", new byte[] {'y'});
    xattrs.put("user.fuseoverlayfs.origin", new byte[] {'/'});
    // What a store of one id keeps of owners and devices: an image cannot say it.
    xattrs.put("user.jbuild.owner", new byte[] {'1', ':', '1'});
    xattrs.put("user.jbuild.device", new byte[] {'c', ' ', '1', ':', '3'});
    xattrs.put("security.selinux", new byte[] {'x'});
    Files.createDirectory(temp.resolve("fs"));
    Files.createDirectory(temp.resolve("out"));
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (Dir fs = KernelDir.open(temp.resolve("fs"));
        Dir out = KernelDir.open(temp.resolve("out"));
        LayerWriter writer = new LayerWriter(fs, tar)) {
      writer.file(
          TreePath.parse("/f"),
          new Attributes(06755, 3, 4, Timestamp.ofSeconds(9), xattrs),
          1,
          new ByteArrayInputStream(new byte[1]));
      LayerSummary made = writer.finish();
      new LayerApplier(ApplyLimits.DEFAULT, line -> {})
          .apply(new ByteArrayInputStream(tar.toByteArray()), out, made.diffId());
      assertEquals(
          List.of("security.capability", "user.note"),
          List.copyOf(out.xattrs(Name.of("f")).keySet()));
      assertEquals(06755, out.stat(Name.of("f")).permissions());
      assertEquals(Trees.describe(fs), Trees.describe(out));
    }
  }

  @Test
  void write_1500LevelsDeep_iterative(@TempDir Path temp) throws IOException {
    requireRoot();
    Files.createDirectory(temp.resolve("fs"));
    Files.createDirectory(temp.resolve("out"));
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (KernelDir top = KernelDir.open(temp);
        Dir fs = top.open(Name.of("fs"));
        Dir out = top.open(Name.of("out"))) {
      LayerSummary made;
      try (LayerWriter writer = new LayerWriter(fs, tar)) {
        TreePath path = TreePath.ROOT;
        for (int i = 0; i < 1500; i++) {
          path = path.resolve(Name.of("d"));
          writer.directory(path, DIR.withModified(Timestamp.ofSeconds(i)));
        }
        writer.file(path.resolve(Name.of("f")), FILE, 0, new ByteArrayInputStream(new byte[0]));
        writer.file(TreePath.parse("/d/e"), FILE, 0, new ByteArrayInputStream(new byte[0]));
        made = writer.finish();
      }
      assertEquals(made, LayerScanner.write(fs, false, new ByteArrayOutputStream()));
      new LayerApplier(ApplyLimits.DEFAULT, line -> {})
          .apply(new ByteArrayInputStream(tar.toByteArray()), out, made.diffId());
      assertEquals(
          made, new LayerScanner(LowerView.NOTHING, Optional.empty(), line -> {}).scan(out));
      top.removeTree(Name.of("fs"));
      top.removeTree(Name.of("out"));
    }
  }

  @Test
  void write_outOfOrder_isOurBug() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root();
        LayerWriter writer = new LayerWriter(root)) {
      writer.directory(TreePath.parse("/b"), DIR);
      assertThrows(IllegalStateException.class, () -> writer.directory(TreePath.parse("/a"), DIR));
      assertThrows(IllegalStateException.class, () -> writer.directory(TreePath.parse("/b"), DIR));
      assertThrows(
          IllegalStateException.class, () -> writer.directory(TreePath.parse("/c/d"), DIR));
      assertThrows(IllegalStateException.class, () -> writer.opaque(TreePath.parse("/c")));
      writer.directory(TreePath.parse("/c"), DIR);
      assertThrows(
          UnrepresentableFileException.class, () -> writer.whiteout(TreePath.parse("/c/.wh.x")));
    }
  }

  @Test
  void write_contentNotOfItsSize_refused() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      for (int size : new int[] {2, 4}) {
        try (LayerWriter writer = new LayerWriter(root)) {
          TreePath path = TreePath.parse("/f" + size);
          assertThrows(
              IOException.class,
              () -> writer.file(path, FILE, size, new ByteArrayInputStream(new byte[3])));
        }
      }
    }
  }

  @Test
  void write_rootAttributes_firstEntryAndPinned() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root();
        LayerWriter writer = new LayerWriter(root)) {
      writer.root(new Attributes(01777, 1, 2, Timestamp.ofSeconds(5), new TreeMap<>()));
      writer.file(
          TreePath.parse("/f"),
          FILE,
          2,
          new ByteArrayInputStream("hi".getBytes(StandardCharsets.UTF_8)));
      LayerSummary made = writer.finish();
      assertEquals(LayerSummary.Form.CANONICAL_WITH_ROOT, made.form());
      assertEquals(made, LayerScanner.write(root, true, new ByteArrayOutputStream()));
      assertEquals(
          "4ac66dd9623873499d1fc737d77b5c481c911a5c3e2e059f37e305e0b0a5af45",
          made.diffId().digest().hex());
    }
  }

  /** What others make of our tar, and we of theirs. */
  @Test
  void tar_ofGnuTar_sameTree(@TempDir Path temp) throws Exception {
    requireRoot();
    assumeTrue(Files.exists(Path.of("/usr/bin/tar")), "SKIPPED: GNU tar is not installed");
    Path fs = Files.createDirectory(temp.resolve("fs"));
    Path gnu = Files.createDirectory(temp.resolve("gnu"));
    Path ours = Files.createDirectory(temp.resolve("ours"));
    try (Dir dir = KernelDir.open(fs)) {
      plainTree(dir);
      try (var out = Files.newOutputStream(temp.resolve("our.tar"))) {
        LayerScanner.write(dir, false, out);
      }
      run(
          "/usr/bin/tar",
          "-xpf",
          temp.resolve("our.tar").toString(),
          "--xattrs",
          "--xattrs-include=*",
          "--numeric-owner",
          "-C",
          gnu.toString());
      try (Dir other = KernelDir.open(gnu)) {
        assertEquals(Trees.describe(dir), Trees.describe(other));
      }
      run(
          "/usr/bin/tar",
          "--format=posix",
          "-cf",
          temp.resolve("gnu.tar").toString(),
          "--xattrs",
          "--xattrs-include=*",
          "-C",
          fs.toString(),
          ".");
      try (Dir other = KernelDir.open(ours);
          var in = Files.newInputStream(temp.resolve("gnu.tar"))) {
        new LayerApplier(ApplyLimits.DEFAULT, line -> {}).apply(in, other);
        assertEquals(Trees.describe(dir), Trees.describe(other));
      }
    }
  }

  private static void plainTree(Dir dir) throws IOException {
    TreeMap<String, byte[]> xattrs =
        new TreeMap<>(Map.of("user.k", "v".getBytes(StandardCharsets.UTF_8)));
    try (LayerWriter writer = new LayerWriter(dir)) {
      String deep = "/long/" + "n".repeat(150);
      writer.file(
          TreePath.parse("/f"),
          new Attributes(04755, 1000, 1001, Timestamp.ofSeconds(1_600_000_000), xattrs),
          5,
          new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)));
      writer.directory(
          TreePath.parse("/long"), new Attributes(0700, 3, 4, Timestamp.ofSeconds(10), xattrs));
      writer.directory(TreePath.parse(deep), DIR);
      writer.symlink(
          TreePath.parse(deep + "/" + "z".repeat(200)),
          FILE,
          "t".repeat(300).getBytes(StandardCharsets.UTF_8));
      writer.file(TreePath.parse(deep + "/ü"), FILE, 0, new ByteArrayInputStream(new byte[0]));
      writer.hardLink(
          TreePath.parse("/same"),
          new Attributes(04755, 1000, 1001, Timestamp.ofSeconds(1_600_000_000), xattrs),
          TreePath.parse("/f"));
      writer.node(
          TreePath.parse("/zero"),
          FILE,
          io.jbuild.linux.FileType.CHARACTER_DEVICE,
          new io.jbuild.linux.DeviceNumber(1, 5));
      writer.finish();
    }
  }

  static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), String.join(" ", command) + "\n" + output);
  }

  @Test
  void apply_wrongDiffId_refused() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      DiffId wrong = new DiffId(io.jbuild.oci.Digest.sha256(new byte[] {1}));
      var refusal =
          assertThrows(
              io.jbuild.layers.tar.BadArchiveException.class,
              () ->
                  new LayerApplier(ApplyLimits.DEFAULT, line -> {})
                      .apply(new ByteArrayInputStream(new byte[1024]), root, wrong));
      assertTrue(String.valueOf(refusal.getMessage()).contains("diffID"), refusal.getMessage());
    }
  }
}
