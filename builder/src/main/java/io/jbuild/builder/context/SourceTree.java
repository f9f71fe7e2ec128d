package io.jbuild.builder.context;

import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.Scope;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A tree that files are copied from, with a name for messages. Who made the directory or view below
 * closes it after this.
 */
public final class SourceTree implements Closeable {
  private final String name;
  private final TreeView view;
  private final IgnoreRules ignored;
  private final boolean ownersKept;
  private final StatIndex index;
  private final Optional<Dir> unfiltered;
  private final Optional<List<Path>> layers;
  private final Optional<PassageProbe> probe;

  private SourceTree(
      String name,
      TreeView view,
      IgnoreRules ignored,
      boolean ownersKept,
      StatIndex index,
      Optional<Dir> unfiltered,
      Optional<List<Path>> layers) {
    this.name = name;
    this.view = view;
    this.ignored = ignored;
    this.ownersKept = ownersKept;
    this.index = index;
    this.unfiltered = unfiltered;
    this.layers = layers.map(List::copyOf);
    this.probe = unfiltered.map(PassageProbe::new);
  }

  /**
   * A directory of this machine. What is copied from it belongs to root, since the ids of the
   * machine mean nothing in the image.
   */
  public static SourceTree directory(
      String name, Dir directory, IgnoreRules ignored, StatIndex index) {
    TreeView view =
        ignored.isEmpty()
            ? TreeView.of(directory)
            : TreeView.of(new IgnoringDir(directory, ignored.root()));
    return new SourceTree(
        name, view, ignored, false, index, Optional.of(directory), Optional.empty());
  }

  /**
   * The root filesystem of a stage or an image, whose owners are kept.
   *
   * @param layers the directories that the view is over, topmost first
   */
  public static SourceTree image(String name, TreeView rootfs, StatIndex index, List<Path> layers) {
    return new SourceTree(
        name, rootfs, IgnoreRules.NONE, true, index, Optional.empty(), Optional.of(layers));
  }

  /** Such as {@code the build context} or {@code stage "build"}. */
  public String name() {
    return name;
  }

  /** The tree without what is ignored. */
  public TreeView view() {
    return view;
  }

  public IgnoreRules ignored() {
    return ignored;
  }

  public boolean ownersKept() {
    return ownersKept;
  }

  /** The digests of its files known from earlier builds. */
  public StatIndex index() {
    return index;
  }

  /** The layers that the tree consists of, topmost first; empty where it is no image's. */
  public Optional<List<Path>> layers() {
    return layers;
  }

  /** Whether something is there that only the ignore file hides: for a better message. */
  public boolean isHidden(TreePath path) throws IOException {
    if (unfiltered.isEmpty() || ignored.isEmpty() || path.isRoot()) {
      return false;
    }
    try (TreeView all = TreeView.of(unfiltered.get())) {
      Optional<FileStat> there = all.resolve(path).stat();
      return there.isPresent() && view.resolve(path).stat().isEmpty();
    }
  }

  /**
   * Whether an ignored directory may hold something that is not; false is certain.
   *
   * @param scope of the ignore rules in that directory
   */
  public boolean mayHold(TreePath directory, Scope scope) throws IOException {
    return directory.isRoot() || probe.isEmpty() || probe.get().mayHold(directory, scope);
  }

  /**
   * How ignore rules and patterns, which are text, see a name; what is not UTF-8 goes by its bytes.
   */
  public static String text(Name name) {
    return name.text().orElseGet(() -> new String(name.bytes(), StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    try (view) {
      if (probe.isPresent()) {
        probe.get().close();
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
