package io.jbuild.builder.context;

import io.jbuild.builder.match.Scope;
import io.jbuild.builder.match.Verdict;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileType;
import io.jbuild.linux.ListedName;
import io.jbuild.linux.Name;
import io.jbuild.linux.NameFilter;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for something that is kept below an ignored directory. A rule that includes a name at any
 * depth makes a walk enter every directory; most hold nothing, and here nothing is made of those: a
 * directory is opened, its names are judged as they lie there, and it is closed.
 */
final class PassageProbe implements Closeable {
  /** Each level holds a descriptor. What is deeper counts as holding something. */
  private static final int MAX_DEPTH = 64;

  private final Dir root;
  private TreePath parentPath = TreePath.ROOT;
  private @Nullable Dir parent;

  PassageProbe(Dir root) {
    this.root = root;
  }

  /** Whether a directory may hold something that is kept; false is certain. */
  synchronized boolean mayHold(TreePath directory, Scope scope) throws IOException {
    TreePath above = directory.parent().orElseThrow();
    try (Dir dir = parent(above).open(directory.name())) {
      return holds(dir, scope, 0);
    }
  }

  /** Siblings are asked for one after another. */
  private Dir parent(TreePath path) throws IOException {
    if (path.isRoot()) {
      return root;
    }
    Dir known = parent;
    if (known != null && parentPath.equals(path)) {
      return known;
    }
    close();
    Dir opened = opened(path);
    parent = opened;
    parentPath = path;
    return opened;
  }

  private Dir opened(TreePath path) throws IOException {
    List<Name> names = path.names();
    Dir at = root.open(names.get(0));
    for (Name name : names.subList(1, names.size())) {
      try (Dir above = at) {
        at = above.open(name);
      }
    }
    return at;
  }

  private static boolean holds(Dir dir, Scope scope, int depth) throws IOException {
    if (depth == MAX_DEPTH) {
      return true;
    }
    Passages filter = new Passages(scope);
    List<ListedName> passages = dir.list(filter);
    if (filter.kept) {
      return true;
    }
    for (ListedName each : passages) {
      if (each.type() == FileType.DIRECTORY && holds(dir, each.name(), scope, depth)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(Dir dir, Name name, Scope scope, int depth) throws IOException {
    try (Dir below = dir.open(name)) {
      return holds(below, scope.enter(SourceTree.text(name)), depth + 1);
    }
  }

  /** Takes the directories to look into, until there is something that is kept. */
  private static final class Passages implements NameFilter {
    private final Scope scope;
    private boolean kept;

    Passages(Scope scope) {
      this.scope = scope;
    }

    @Override
    public boolean wants(byte[] bytes, int from, int to, @Nullable FileType type) {
      boolean directory = type == null || type == FileType.DIRECTORY;
      Verdict verdict =
          kept ? Verdict.HIDDEN : IgnoringDir.judge(scope, bytes, from, to, directory);
      kept |= verdict == Verdict.KEPT;
      return directory && verdict == Verdict.PASSAGE;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    Dir open = parent;
    parent = null;
    if (open != null) {
      open.close();
    }
  }
}
