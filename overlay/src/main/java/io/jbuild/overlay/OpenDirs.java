package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directories of a tree that were used lately, kept open. A merged directory counts as many
 * handles as it has parts, so that a stack of 500 layers cannot use up the process's descriptors.
 */
final class OpenDirs implements Closeable {
  /**
   * The usual soft limit of a process is 1024 descriptors, and several trees are open in a build.
   */
  private static final int MAX_HANDLES = 128;

  private final Dir root;
  private final Map<TreePath, Dir> byPath = new LinkedHashMap<>(64, 0.75f, true);
  private int handles;

  OpenDirs(Dir root) {
    this.root = root;
  }

  /** The directory at a path, for use until the next call. */
  Dir get(TreePath path) throws IOException {
    if (path.isRoot()) {
      return root;
    }
    Dir known = byPath.get(path);
    if (known != null) {
      return known;
    }
    Dir opened = get(path.parent().orElseThrow()).open(path.name());
    byPath.put(path, opened);
    handles += weight(opened);
    shrinkTo(Math.max(MAX_HANDLES, weight(opened)), path);
    return opened;
  }

  /** The directory at a path if it is open, for use until the next call. */
  @Nullable Dir known(TreePath path) {
    return path.isRoot() ? root : byPath.get(path);
  }

  private void shrinkTo(int limit, TreePath keep) throws IOException {
    Iterator<Map.Entry<TreePath, Dir>> oldest = byPath.entrySet().iterator();
    while (handles > limit && oldest.hasNext()) {
      Map.Entry<TreePath, Dir> entry = oldest.next();
      if (!entry.getKey().equals(keep)) {
        oldest.remove();
        handles -= weight(entry.getValue());
        entry.getValue().close();
      }
    }
  }

  private static int weight(Dir dir) {
    return dir instanceof UnionDir union ? union.weight() : 1;
  }

  @Override
  public void close() throws IOException {
    shrinkTo(0, TreePath.ROOT);
  }
}
