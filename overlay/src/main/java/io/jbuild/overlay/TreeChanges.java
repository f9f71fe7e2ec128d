package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what has changed in a tree since it was indexed. Files that may have changed are taken for
 * changed: a scan of the upper directory compares them with those below anyway.
 *
 * <p>No file had a second name when the tree was indexed. So a file that has one by now was linked
 * since, and all its names are changes, as they are for overlayfs.
 */
final class TreeChanges {
  /** A directory, and what it was before: nothing, if it is new or took another's place. */
  private record Pending(TreePath path, TreeIndex.@Nullable Entry before) {}

  private final TreeIndex index;
  private final UpperWriter out;
  private final Deque<Pending> pending = new ArrayDeque<>();

  private TreeChanges(TreeIndex index, UpperWriter out) {
    this.index = index;
    this.out = out;
  }

  /**
   * Writes the changes into an empty directory.
   *
   * @return the paths there that are no deletions
   */
  static List<TreePath> write(Dir tree, TreeIndex index, Dir upper) throws IOException {
    try (UpperWriter out = new UpperWriter(tree, upper)) {
      TreeChanges changes = new TreeChanges(index, out);
      changes.pending.push(new Pending(TreePath.ROOT, index.root()));
      while (!changes.pending.isEmpty()) {
        changes.visit(changes.pending.pop());
      }
      return out.finish();
    }
  }

  private void visit(Pending at) throws IOException {
    Set<Name> present = new HashSet<>();
    for (DirEntry found : out.source(at.path()).entries()) {
      present.add(found.name());
      TreeIndex.Entry before = at.before() == null ? null : at.before().below.get(found.name());
      TreePath path = at.path().resolve(found.name());
      if (found.stat().isDirectory()) {
        directory(path, found.stat(), before);
      } else if (before == null || !index.isUnchanged(before, found.stat())) {
        out.file(path, found.stat());
      }
    }
    if (at.before() != null) {
      for (Name name : at.before().below.keySet()) {
        if (!present.contains(name)) {
          out.whiteout(at.path(), name);
        }
      }
    }
  }

  private void directory(TreePath path, FileStat now, TreeIndex.@Nullable Entry before)
      throws IOException {
    Optional<Timestamp> born = out.source(path).born();
    if (before == null || !before.stat.isDirectory()) {
      Dir unused = out.directory(path);
      pending.push(new Pending(path, null));
    } else if (!before.isStill(now, born)) {
      out.opaque(path);
      pending.push(new Pending(path, null));
    } else {
      if (!index.isUnchanged(before, now)) {
        Dir unused = out.directory(path);
      }
      pending.push(new Pending(path, before));
    }
  }
}
