package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarReader;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerScannerTest {
  private static final Attributes BELOW =
      new Attributes(0755, 0, 0, Timestamp.ofSeconds(50), new TreeMap<>());

  /** Below are these directories, all alike. */
  private static LowerView lower(String... directories) {
    return path ->
        List.of(directories).contains(path.toString()) ? Optional.of(BELOW) : Optional.empty();
  }

  private static Dir copiedUp(Dir in, String name) throws IOException {
    Dir made = in.makeDir(Name.of(name), 0755);
    made.setXattr("trusted.overlay.origin", new byte[] {1});
    return made;
  }

  private static List<String> scan(Dir upper, LowerView lower) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    LayerSummary summary = new LayerScanner(lower, Optional.empty(), line -> {}).scan(upper, tar);
    List<String> names = names(tar.toByteArray());
    assertEquals(names.size(), summary.entries());
    boolean withRoot = summary.form() == LayerSummary.Form.CANONICAL_WITH_ROOT;
    // What the scan left is what gives these bytes for ever.
    assertEquals(summary, LayerScanner.write(upper, withRoot, new ByteArrayOutputStream()));
    return names;
  }

  private static List<String> names(byte[] tar) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    List<String> names = new ArrayList<>();
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      names.add(new String(next.get().name(), StandardCharsets.UTF_8));
    }
    return names;
  }

  @Test
  void scan_copiedUpAndEmpty_leftOutAndRemoved() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir upper = tree.root()) {
      try (Dir a = copiedUp(upper, "a");
          Dir b = copiedUp(a, "b");
          Dir c = copiedUp(upper, "c")) {
        b.setTimes(Timestamp.ofSeconds(50));
        a.setTimes(Timestamp.ofSeconds(50));
        c.setTimes(Timestamp.ofSeconds(51));
      }
      assertEquals(List.of("c/"), scan(upper, lower("/a", "/a/b", "/c")));
      assertEquals(List.of("c"), upper.list().stream().map(Name::toString).toList());
      assertTrue(upper.xattrs(Name.of("c")).isEmpty());
    }
  }

  @Test
  void scan_copiedUpWithContent_keptWithItsTime() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir upper = tree.root()) {
      try (Dir a = copiedUp(upper, "a");
          Dir b = copiedUp(a, "b");
          Dir dropped = copiedUp(b, "dropped")) {
        b.create(Name.of("file"), 0644).close();
        dropped.setTimes(Timestamp.ofSeconds(50));
        b.setTimes(Timestamp.ofSeconds(50));
        a.setTimes(Timestamp.ofSeconds(50));
      }
      assertEquals(
          List.of("a/", "a/b/", "a/b/file"), scan(upper, lower("/a", "/a/b", "/a/b/dropped")));
      try (Dir a = upper.open(Name.of("a"))) {
        assertEquals(50, a.stat(Name.of("b")).modified().seconds());
      }
    }
  }

  @Test
  void scan_opaque_keptOnlyOverADirectory() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir upper = tree.root()) {
      for (String name : new String[] {"new", "replaced"}) {
        try (Dir dir = upper.makeDir(Name.of(name), 0755)) {
          dir.setXattr(Xattrs.OPAQUE, new byte[] {'y'});
          dir.setTimes(Timestamp.ofSeconds(50));
        }
      }
      assertEquals(
          List.of("new/", "replaced/", "replaced/.wh..wh..opq"), scan(upper, lower("/replaced")));
      assertTrue(upper.xattrs(Name.of("new")).isEmpty());
      assertTrue(Xattrs.isOpaque(upper.xattrs(Name.of("replaced"))));
    }
  }

  @Test
  void scan_filesCopiedUp_leftOutWhereNothingChanged() throws IOException {
    try (MemoryTree below = new MemoryTree();
        Dir lower = below.root();
        MemoryTree tree = new MemoryTree();
        Dir upper = tree.root()) {
      for (Dir each : List.of(lower, upper)) {
        for (String name : List.of("alone", "content", "mode", "same", "time")) {
          write(each, name, "1");
        }
        each.symlink(Name.of("link"), bytes("same"));
        each.setTimes(Name.of("link"), Timestamp.EPOCH);
      }
      upper.unlink(Name.of("content"));
      write(upper, "content", "2");
      upper.setPermissions(Name.of("mode"), 0600);
      upper.setTimes(Name.of("time"), Timestamp.ofSeconds(9));
      upper.link(Name.of("second"), upper, Name.of("same"));
      upper.setXattr(Name.of("alone"), "trusted.overlay.origin", new byte[] {1});
      assertEquals(List.of("content", "mode", "same", "second", "time"), scan(upper, view(lower)));
      assertEquals(
          List.of("content", "mode", "same", "second", "time"),
          upper.list().stream().map(Name::toString).toList());
    }
  }

  private static void write(Dir dir, String name, String content) throws IOException {
    try (OutputFile file = dir.create(Name.of(name), 0644)) {
      file.write(ByteBuffer.wrap(bytes(content)));
    }
    dir.setTimes(Name.of(name), Timestamp.EPOCH);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The files of one directory. */
  private static LowerView view(Dir lower) {
    return new LowerView() {
      @Override
      public Optional<Attributes> lookup(TreePath path) {
        return Optional.empty();
      }

      @Override
      public Optional<File> file(TreePath path) throws IOException {
        Optional<FileStat> stat = lower.find(path.name());
        return stat.map(found -> new Below(lower, path.name(), found));
      }
    };
  }

  private record Below(Dir dir, Name name, FileStat stat) implements LowerView.File {
    @Override
    public SortedMap<String, byte[]> xattrs() throws IOException {
      return dir.xattrs(name);
    }

    @Override
    public InputFile read() throws IOException {
      return dir.read(name);
    }

    @Override
    public byte[] target() throws IOException {
      return dir.readLink(name);
    }
  }

  @Test
  void scan_whiteoutsLinksAndSockets_asLayersHaveThem() throws IOException {
    List<String> warnings = new ArrayList<>();
    try (MemoryTree tree = new MemoryTree();
        Dir upper = tree.root()) {
      upper.makeNode(Name.of("gone"), FileType.CHARACTER_DEVICE, 0, DeviceNumber.NONE);
      upper.makeNode(Name.of("sock"), FileType.SOCKET, 0755, DeviceNumber.NONE);
      upper.create(Name.of("z"), 0644).close();
      upper.link(Name.of("y"), upper, Name.of("z"));
      ByteArrayOutputStream tar = new ByteArrayOutputStream();
      new LayerScanner(LowerView.NOTHING, Optional.empty(), warnings::add).scan(upper, tar);
      assertEquals(List.of(".wh.gone", "y", "z"), names(tar.toByteArray()));
      assertEquals(List.of("socket left out of the layer: /sock"), warnings);
      assertEquals(Optional.empty(), upper.find(Name.of("sock")));
    }
  }

  @Test
  void scan_whiteoutNameMadeByAStep_refused() throws IOException {
    for (String name : new String[] {".wh.x", ".wh..wh..opq", ".wh."}) {
      try (MemoryTree tree = new MemoryTree();
          Dir upper = tree.root()) {
        try (Dir dir = upper.makeDir(Name.of("d"), 0755)) {
          dir.create(Name.of(name), 0644).close();
        }
        var refusal =
            assertThrows(UnrepresentableFileException.class, () -> scan(upper, LowerView.NOTHING));
        assertTrue(
            String.valueOf(refusal.getMessage()).contains("/d/" + name), refusal.getMessage());
      }
    }
  }

  @Test
  void scan_root_entryOnlyIfChanged() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir upper = tree.root()) {
      upper.setOwner(0, 0);
      upper.setPermissions(0755);
      upper.setXattr("trusted.overlay.impure", new byte[] {'y'});
      assertEquals(List.of(), scan(upper, LowerView.NOTHING));
      assertTrue(upper.xattrs().isEmpty());
      upper.setPermissions(01777);
      assertEquals(List.of("./"), scan(upper, lower("/")));
      assertEquals(
          List.of(),
          scan(
              upper,
              path -> Optional.of(new Attributes(01777, 0, 0, Timestamp.EPOCH, new TreeMap<>()))));
    }
  }

  @Test
  void scan_newest_clampsTarAndDirectory() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        Dir upper = tree.root()) {
      try (Dir dir = upper.makeDir(Name.of("d"), 0755)) {
        dir.create(Name.of("young"), 0644).close();
        dir.create(Name.of("old"), 0644).close();
        dir.setTimes(Name.of("old"), Timestamp.ofSeconds(5));
      }
      LayerSummary first =
          new LayerScanner(LowerView.NOTHING, Optional.of(Timestamp.ofSeconds(60)), line -> {})
              .scan(upper);
      assertEquals(60, upper.stat(Name.of("d")).modified().seconds());
      assertEquals(first, LayerScanner.write(upper, false, new ByteArrayOutputStream()));
      try (Dir dir = upper.open(Name.of("d"))) {
        assertEquals(60, dir.stat(Name.of("young")).modified().seconds());
        assertEquals(5, dir.stat(Name.of("old")).modified().seconds());
      }
    }
  }

  /**
   * The same through a real overlay: what the kernel leaves in the upper directory becomes the
   * right layer.
   */
  @Test
  void scan_realOverlay_layerSaysWhatTheStepDid(@TempDir Path temp) throws Exception {
    LayerRoundTripTest.requireRoot();
    for (String name :
        new String[] {
          "lower/keep/sub", "lower/gone", "lower/replaced", "lower/chmod", "upper", "work", "merged"
        }) {
      Files.createDirectories(temp.resolve(name));
    }
    for (String name :
        new String[] {
          "lower/keep/file", "lower/gone/file", "lower/replaced/file", "lower/edited"
        }) {
      Files.writeString(temp.resolve(name), "lower");
    }
    String script =
        "mount -t tmpfs tmpfs "
            + temp.resolve("merged")
            + " && cd "
            + temp.resolve("merged")
            + " && cp -a ../lower l && mkdir u w m && mount -t overlay -o lowerdir=l,upperdir=u,workdir=w,redirect_dir=off,metacopy=off,index=off none m"
            + " && rm -r m/gone && rm -r m/replaced && mkdir m/replaced && touch m/replaced/new && chmod 700 m/chmod"
            + " && echo edited > m/edited && mkdir m/fresh && touch m/fresh/f && rm m/fresh/f && touch m/keep/tmp && rm m/keep/tmp && touch -r l/keep m/keep"
            + " && umount m && cp -a --preserve=all u/. ../upper";
    LayerRoundTripTest.run("unshare", "-m", "sh", "-ec", script);
    LowerView lower =
        path -> {
          Path dir = temp.resolve("lower" + path);
          if (!Files.isDirectory(dir)) {
            return Optional.empty();
          }
          try (KernelDir open = KernelDir.open(dir)) {
            return Optional.of(Attributes.of(open.stat(), open.xattrs()));
          }
        };
    try (KernelDir upper = KernelDir.open(temp.resolve("upper"))) {
      assertEquals(
          List.of(
              "chmod/",
              "edited",
              "fresh/",
              ".wh.gone",
              "replaced/",
              "replaced/.wh..wh..opq",
              "replaced/new"),
          scan(upper, lower));
    }
  }

  @Test
  void scan_sameTreeTwice_sameDiffId(@TempDir Path temp) throws IOException {
    LayerRoundTripTest.requireRoot();
    Map<Integer, String> ids = new TreeMap<>();
    for (int round = 0; round < 2; round++) {
      Path fs = Files.createDirectory(temp.resolve("fs" + round));
      // Made in opposite orders: readdir's order must not show.
      for (int i = 0; i < 50; i++) {
        int n = round == 0 ? i : 49 - i;
        Path file = Files.writeString(fs.resolve("f" + n), "x" + n);
        Files.setLastModifiedTime(
            file, java.nio.file.attribute.FileTime.fromMillis(1000L * n + round));
      }
      try (KernelDir dir = KernelDir.open(fs)) {
        ids.put(
            round,
            new LayerScanner(LowerView.NOTHING, Optional.empty(), line -> {})
                .scan(dir)
                .diffId()
                .toString());
      }
    }
    assertEquals(ids.get(0), ids.get(1));
  }
}
