package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarReader;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/**
 * A directory that was deleted and made again hides the one below, so that what is in it has to be
 * in the layer even if it is equal to what was there before.
 */
class OpaqueDirectoriesTest {
  private static final byte[] YES = {'y'};

  /** {@code d/{a,l,x,empty/,s/{b,t/{c}}}}: a and l are one file, x has an attribute. */
  private static void fill(Dir root) throws IOException {
    try (Dir d = root.makeDir(Name.of("d"), 0755)) {
      try (Dir s = d.makeDir(Name.of("s"), 0755)) {
        try (Dir t = s.makeDir(Name.of("t"), 0755)) {
          write(t, "c", "3");
          t.setTimes(Timestamp.EPOCH);
        }
        write(s, "b", "2");
        s.setTimes(Timestamp.EPOCH);
      }
      try (Dir empty = d.makeDir(Name.of("empty"), 0755)) {
        empty.setTimes(Timestamp.EPOCH);
      }
      write(d, "a", "1");
      d.link(Name.of("l"), d, Name.of("a"));
      write(d, "x", "1");
      d.setXattr(Name.of("x"), "user.note", YES);
      d.setTimes(Timestamp.EPOCH);
    }
  }

  private static void write(Dir dir, String name, String content) throws IOException {
    try (OutputFile file = dir.create(Name.of(name), 0644)) {
      file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    }
    dir.setTimes(Name.of(name), Timestamp.EPOCH);
  }

  private static void makeOpaque(Dir root, String path) throws IOException {
    TreePath directory = TreePath.parse(path);
    try (Closing opened = new Closing()) {
      Dir parent = descend(root, directory.parent().orElseThrow(), opened);
      parent.setXattr(directory.name(), Xattrs.OPAQUE, YES);
    }
  }

  private static Dir descend(Dir root, TreePath directory, Closing opened) throws IOException {
    Dir dir = root;
    for (Name name : directory.names()) {
      dir = dir.open(name);
      opened.add(dir);
    }
    return dir;
  }

  /** What the layer says when an upper that is equal to the layer below has these marks. */
  private static List<String> scan(String... opaque) throws IOException {
    try (MemoryTree below = new MemoryTree();
        Dir lower = below.root();
        MemoryTree tree = new MemoryTree();
        Dir upper = tree.root();
        Closing opened = new Closing()) {
      fill(lower);
      fill(upper);
      for (String path : opaque) {
        makeOpaque(upper, path);
      }
      ByteArrayOutputStream tar = new ByteArrayOutputStream();
      LayerSummary scanned =
          new LayerScanner(new Below(lower, opened), Optional.empty(), line -> {}).scan(upper, tar);
      boolean withRoot = scanned.form() == LayerSummary.Form.CANONICAL_WITH_ROOT;
      assertEquals(scanned, LayerScanner.write(upper, withRoot, new ByteArrayOutputStream()));
      return names(tar.toByteArray());
    }
  }

  private static List<String> names(byte[] tar) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    List<String> names = new ArrayList<>();
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      String name = new String(next.get().name(), StandardCharsets.UTF_8);
      if (!name.equals("./")) {
        names.add(name);
      }
    }
    return names;
  }

  @Test
  void scan_equalAndNotOpaque_onlyHardLinksAreSaid() throws IOException {
    assertEquals(List.of("d/", "d/a", "d/l"), scan());
  }

  @Test
  void scan_equalAndOpaque_allIsSaidAgain() throws IOException {
    assertEquals(
        List.of(
            "d/",
            "d/.wh..wh..opq",
            "d/a",
            "d/empty/",
            "d/l",
            "d/s/",
            "d/s/b",
            "d/s/t/",
            "d/s/t/c",
            "d/x"),
        scan("/d"));
  }

  @Test
  void scan_opaqueDeeper_whatIsAboveIsComparedStill() throws IOException {
    assertEquals(
        List.of("d/", "d/a", "d/l", "d/s/", "d/s/.wh..wh..opq", "d/s/b", "d/s/t/", "d/s/t/c"),
        scan("/d/s"));
    assertEquals(
        List.of("d/", "d/a", "d/l", "d/s/", "d/s/t/", "d/s/t/.wh..wh..opq", "d/s/t/c"),
        scan("/d/s/t"));
  }

  @Test
  void scan_opaqueEmptyDirectory_isSaid() throws IOException {
    assertEquals(List.of("d/", "d/a", "d/empty/", "d/empty/.wh..wh..opq", "d/l"), scan("/d/empty"));
  }

  @Test
  void scan_opaqueInOpaque_secondMarkHidesNothing() throws IOException {
    List<String> names = scan("/d", "/d/s");
    assertTrue(names.contains("d/.wh..wh..opq"), names.toString());
    assertEquals(scan("/d"), names);
  }

  private record Below(Dir root, Closing opened) implements LowerView {
    @Override
    public Optional<Attributes> lookup(TreePath path) throws IOException {
      Optional<Found> found = find(path);
      return found.isEmpty() || !found.get().stat().isDirectory()
          ? Optional.empty()
          : Optional.of(Attributes.of(found.get().stat(), found.get().xattrs()));
    }

    @Override
    public Optional<File> file(TreePath path) throws IOException {
      return find(path).filter(found -> !found.stat().isDirectory()).map(found -> found);
    }

    private Optional<Found> find(TreePath path) throws IOException {
      if (path.isRoot()) {
        return Optional.empty();
      }
      Dir parent = descend(root, path.parent().orElseThrow(), opened);
      return parent.find(path.name()).map(stat -> new Found(parent, path.name(), stat));
    }
  }

  private record Found(Dir dir, Name name, FileStat stat) implements LowerView.File {
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
}
