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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What every file of a tree was like at one moment, to find those that have changed since.
 *
 * <p>A change gives a file a time of change ({@code ctime}) no earlier than the newest one that any
 * file had at that moment. So a file whose time is the same, and older than that newest one, is
 * certain not to have changed; the few that have the newest time themselves are not certain.
 */
final class TreeIndex {
  /** A file; of a directory also what is in it. */
  static final class Entry {
    final FileStat stat;
    final Map<Name, Entry> below;
    Optional<Timestamp> born = Optional.empty();

    Entry(FileStat stat) {
      this.stat = stat;
      this.below = stat.isDirectory() ? new HashMap<>() : Map.of();
    }

    /** Whether it is still the directory that it was, whatever has changed in it. */
    boolean isStill(FileStat now, Optional<Timestamp> bornNow) {
      return stat.isDirectory() && stat.isSameFile(now) && born.equals(bornNow);
    }
  }

  private record Pending(TreePath path, Entry entry) {}

  private final Entry root;
  private Timestamp newest = Timestamp.EPOCH;

  private TreeIndex(FileStat root) {
    this.root = new Entry(root);
  }

  static TreeIndex of(Dir tree) throws IOException {
    TreeIndex index = new TreeIndex(tree.stat());
    Deque<Pending> pending = new ArrayDeque<>();
    pending.push(new Pending(TreePath.ROOT, index.root));
    try (OpenDirs dirs = new OpenDirs(tree)) {
      while (!pending.isEmpty()) {
        Pending next = pending.pop();
        index.list(dirs.get(next.path()), next, pending);
      }
    }
    return index;
  }

  private void list(Dir dir, Pending at, Deque<Pending> pending) throws IOException {
    at.entry().born = dir.born();
    note(at.entry().stat);
    for (DirEntry found : dir.entries()) {
      Entry entry = new Entry(found.stat());
      note(entry.stat);
      at.entry().below.put(found.name(), entry);
      if (found.stat().isDirectory()) {
        pending.push(new Pending(at.path().resolve(found.name()), entry));
      }
    }
  }

  private void note(FileStat stat) {
    if (stat.changed().compareTo(newest) > 0) {
      newest = stat.changed();
    }
  }

  Entry root() {
    return root;
  }

  /** Whether a file is certain to be as it was. */
  boolean isUnchanged(Entry before, FileStat now) {
    return before.stat.equals(now) && now.changed().compareTo(newest) < 0;
  }
}
