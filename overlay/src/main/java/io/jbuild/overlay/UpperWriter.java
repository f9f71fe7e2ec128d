package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes what has changed in a tree as overlayfs would have written it into an upper directory. */
final class UpperWriter implements Closeable {
  private final OpenDirs tree;
  private final OpenDirs upper;

  /** Apart from the others, since a call closes directories of earlier ones. */
  private final OpenDirs linkTargets;

  private final Set<TreePath> known = new HashSet<>();
  private final List<TreePath> directories = new ArrayList<>();
  private final List<TreePath> written = new ArrayList<>();

  /** The first name of each file that has several. */
  private final Map<Long, TreePath> linked = new HashMap<>();

  /**
   * @param tree where files are taken from
   * @param upper an empty directory
   */
  UpperWriter(Dir tree, Dir upper) {
    this.tree = new OpenDirs(tree);
    this.upper = new OpenDirs(upper);
    this.linkTargets = new OpenDirs(upper);
    known.add(TreePath.ROOT);
    directories.add(TreePath.ROOT);
  }

  /** The directory of the tree at a path, for use until the next call. */
  Dir source(TreePath path) throws IOException {
    return tree.get(path);
  }

  /** A directory that is to be in the upper, with those above it. */
  Dir directory(TreePath path) throws IOException {
    TreePath missing = path;
    List<TreePath> below = new ArrayList<>();
    while (!known.contains(missing)) {
      below.add(missing);
      missing = missing.parent().orElseThrow();
    }
    for (int i = below.size() - 1; i >= 0; i--) {
      TreePath next = below.get(i);
      upper.get(next.parent().orElseThrow()).makeDir(next.name(), 0700).close();
      known.add(next);
      directories.add(next);
    }
    return upper.get(path);
  }

  /** A directory that hides the one that was there before. */
  void opaque(TreePath path) throws IOException {
    OverlayFormat.makeOpaque(directory(path));
  }

  /** A file that is no directory; another name of one that was written becomes a hard link. */
  void file(TreePath path, FileStat stat) throws IOException {
    TreePath parent = path.parent().orElseThrow();
    TreePath first = stat.linkCount() > 1 ? linked.putIfAbsent(stat.inode(), path) : null;
    Dir to = directory(parent);
    if (first == null) {
      FileCopies.file(tree.get(parent), path.name(), stat, to);
    } else {
      to.link(path.name(), linkTargets.get(first.parent().orElseThrow()), first.name());
    }
    written.add(path);
  }

  void whiteout(TreePath parent, Name name) throws IOException {
    OverlayFormat.makeWhiteout(directory(parent), name);
  }

  /** Describes the directories; all paths that are in the upper and are no deletions. */
  List<TreePath> finish() throws IOException {
    for (int i = directories.size() - 1; i >= 0; i--) {
      TreePath path = directories.get(i);
      FileCopies.describe(tree.get(path), upper.get(path));
    }
    List<TreePath> all = new ArrayList<>(directories);
    all.addAll(written);
    return all;
  }

  @Override
  public void close() throws IOException {
    try (tree;
        linkTargets) {
      upper.close();
    }
  }
}
