package io.jbuild.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tiny layers, written as words, and what is left of them. */
class UnionViewTest {
  private final List<MemoryTree> trees = new ArrayList<>();
  private final List<Dir> roots = new ArrayList<>();

  @AfterEach
  void everyHandleIsClosed() throws IOException {
    for (Dir root : roots) {
      root.close();
    }
    trees.forEach(MemoryTree::close);
  }

  /**
   * Layers, the topmost first, each a list of words: {@code d/} a directory, {@code d/!} an opaque
   * one, {@code f} a file, {@code -f} a whiteout, {@code l>t} a link.
   */
  private UnionView view(String... layers) throws IOException {
    for (String layer : layers) {
      MemoryTree tree = new MemoryTree();
      trees.add(tree);
      Dir root = tree.root();
      roots.add(root);
      for (String word : layer.split(" ", -1)) {
        if (!word.isEmpty()) {
          add(root, word, layer);
        }
      }
    }
    return UnionView.over(roots);
  }

  private static void add(Dir root, String word, String layer) throws IOException {
    int link = word.indexOf('>');
    String path = link < 0 ? word : word.substring(0, link);
    boolean opaque = path.endsWith("!");
    boolean directory = opaque || path.endsWith("/");
    boolean whiteout = path.contains("-");
    TreePath place = TreePath.parse(path.replace("!", "").replace("-", ""));
    Dir parent = root;
    List<Dir> opened = new ArrayList<>();
    for (Name name : place.parent().orElseThrow().names()) {
      parent = parent.find(name).isPresent() ? parent.open(name) : parent.makeDir(name, 0755);
      opened.add(parent);
    }
    Name name = place.name();
    if (directory) {
      try (Dir made = parent.makeDir(name, 0755)) {
        if (opaque) {
          made.setXattr(OverlayFormat.OPAQUE, new byte[] {'y'});
        }
      }
    } else if (whiteout) {
      parent.makeNode(name, FileType.CHARACTER_DEVICE, 0, DeviceNumber.NONE);
    } else if (link >= 0) {
      parent.symlink(name, word.substring(link + 1).getBytes(StandardCharsets.UTF_8));
    } else {
      try (OutputFile file = parent.create(name, 0644)) {
        byte[] content = layer.getBytes(StandardCharsets.UTF_8);
        file.write(content, 0, content.length);
      }
    }
    for (Dir dir : opened) {
      dir.close();
    }
  }

  private static String list(TreeView view, String path) throws IOException {
    return view.list(TreePath.parse(path)).stream()
        .map(Name::toString)
        .collect(Collectors.joining(" "));
  }

  @Test
  void list_mergesNamesSorted() throws IOException {
    try (UnionView view = view("d/b", "d/a d/c", "x")) {
      assertEquals("d x", list(view, "/"));
      assertEquals("a b c", list(view, "/d"));
    }
  }

  @Test
  void whiteout_hidesOnlyWhatIsBelow() throws IOException {
    try (UnionView view = view("d/a", "-d", "d/b e", "e/x")) {
      assertEquals("a", list(view, "/d"));
      assertEquals("d e", list(view, "/"));
    }
  }

  @Test
  void whiteout_inTheLowestLayer_isNotThere() throws IOException {
    try (UnionView view = view("a", "d/-b d/c")) {
      assertEquals("c", list(view, "/d"));
      assertTrue(view.lookup(TreePath.parse("/d/b")).isEmpty());
    }
  }

  @Test
  void opaqueDirectory_endsTheMerge() throws IOException {
    try (UnionView view = view("d/a", "d/! d/b", "d/c")) {
      assertEquals("a b", list(view, "/d"));
    }
  }

  @Test
  void fileOverDirectory_hidesItForTheLayersAboveToo() throws IOException {
    try (UnionView view = view("d/a", "d", "d/b")) {
      assertEquals("a", list(view, "/d"));
    }
  }

  @Test
  void lookup_belowAFileOrLink_isEmpty() throws IOException {
    try (UnionView view = view("f l>d", "d/x")) {
      assertTrue(view.lookup(TreePath.parse("/f/x")).isEmpty());
      assertTrue(view.lookup(TreePath.parse("/l/x")).isEmpty());
      assertTrue(view.lookup(TreePath.parse("/nothing/x")).isEmpty());
    }
  }

  @Test
  void read_takesTheTopmostFile() throws IOException {
    try (UnionView view = view("a", "a b")) {
      try (InputFile file = view.read(TreePath.parse("/a"))) {
        assertArrayEquals("a".getBytes(StandardCharsets.UTF_8), file.asStream().readAllBytes());
      }
    }
  }

  @Test
  void read_ofAHiddenFile_isNotFound() throws IOException {
    try (UnionView view = view("-a", "a")) {
      LinuxException e = assertThrows(LinuxException.class, () -> view.read(TreePath.parse("/a")));
      assertEquals(Errno.ENOENT, e.errno());
    }
  }

  @Test
  void overNothing_isAnEmptyRoot() throws IOException {
    try (UnionView view = view()) {
      assertEquals("", list(view, "/"));
      assertEquals(0755, view.lookup(TreePath.ROOT).orElseThrow().permissions());
      assertTrue(view.resolve(TreePath.parse("/a/b")).stat().isEmpty());
    }
  }

  @Test
  void resolve_table() throws IOException {
    String[][] cases = {
      {"/", "/"},
      {"/usr/lib/x", "/usr/lib/x"},
      {"/lib/x", "/usr/lib/x"},
      {"/abs/x", "/usr/lib/x"},
      {"/escape/lib/x", "/usr/lib/x"},
      {"/usr/lib/up/lib/x", "/usr/lib/x"},
      {"/chain", "/usr/lib/x"},
      {"/dangling", "/no/where"},
      {"/dangling/more", "/no/where/more"},
      {"/lib/missing", "/usr/lib/missing"},
      {"/dotted", "/usr/lib/x"},
      {"/trailing/x", "/usr/lib/x"},
    };
    try (UnionView view =
        view(
            "lib>usr/lib abs>/usr/lib escape>../../../../usr chain>one one>/two",
            "two>lib/x dangling>/no/where usr/lib/up>../../../../usr",
            "usr/lib/x dotted>./usr/./lib/../lib/x trailing>usr/lib//")) {
      for (String[] each : cases) {
        assertEquals(each[1], view.resolve(TreePath.parse(each[0])).path().toString(), each[0]);
      }
    }
  }

  @Test
  void resolve_ofALoop_isEloop() throws IOException {
    try (UnionView view = view("a>b b>a self>self/x")) {
      for (String path : List.of("/a", "/b/c", "/self")) {
        LinuxException e =
            assertThrows(LinuxException.class, () -> view.resolve(TreePath.parse(path)));
        assertEquals(Errno.ELOOP, e.errno());
        assertEquals("resolve \"" + path + "\" in its root", e.operation());
      }
    }
  }

  @Test
  void resolveParent_keepsTheLastLink() throws IOException {
    try (UnionView view = view("d>e e/l>x e/x")) {
      TreeView.Resolved found = view.resolveParent(TreePath.parse("/d/l"));
      assertEquals("/e/l", found.path().toString());
      assertTrue(found.stat().orElseThrow().isSymlink());
    }
  }

  @Test
  void lookup_opensNothingButTheWayThere() throws IOException {
    try (UnionView view = view("a/b/c d/e/f", "a/b/g h/i/j")) {
      assertEquals(2, handles());
      assertTrue(view.lookup(TreePath.parse("/a/b")).isPresent());
      assertEquals(4, handles());
      assertTrue(view.lookup(TreePath.parse("/a/b/g")).isPresent());
      assertEquals(6, handles());
    }
    assertEquals(2, handles());
  }

  private int handles() {
    return trees.stream().mapToInt(MemoryTree::openHandles).sum();
  }

  @Test
  void manyDirectories_doNotStayOpen() throws IOException {
    String[] layer = new String[300];
    Arrays.setAll(layer, i -> "d" + i + "/f");
    try (UnionView view = view(String.join(" ", layer))) {
      for (int i = 0; i < layer.length; i++) {
        assertTrue(view.lookup(TreePath.parse("/d" + i + "/f")).isPresent());
      }
      assertTrue(handles() <= 129, handles() + " handles");
    }
  }

  @Test
  void root_cannotBeChanged() throws IOException {
    try (UnionView view = view("a")) {
      Dir root = view.root();
      assertThrows(UnsupportedOperationException.class, () -> root.unlink(Name.of("a")));
      root.close();
      assertTrue(view.lookup(TreePath.parse("/a")).isPresent());
    }
  }

  @Test
  void layers_areDifferentDevices() throws IOException {
    try (UnionView view = view("a", "b")) {
      assertFalse(
          view.lookup(TreePath.parse("/a"))
              .orElseThrow()
              .device()
              .equals(view.lookup(TreePath.parse("/b")).orElseThrow().device()));
    }
  }
}
