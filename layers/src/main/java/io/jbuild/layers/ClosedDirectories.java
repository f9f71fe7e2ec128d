package io.jbuild.layers;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directories of one archive that not even their owner may enter. They are open until
 * everything is in them, and get their permissions in the end.
 */
final class ClosedDirectories {
  private static final int OWNER = 0700;

  private final Map<TreePath, Integer> permissions = new LinkedHashMap<>();

  /** What a directory gets for now; of several entries for one path the last counts. */
  int open(TreeCursor parent, Name name, int wanted) {
    boolean closed = (wanted & OWNER) != OWNER;
    if (closed || !permissions.isEmpty()) {
      List<Name> names = parent.names();
      names.add(name);
      TreePath path = TreePath.of(names);
      permissions.remove(path);
      if (closed) {
        permissions.put(path, wanted);
      }
    }
    return wanted | OWNER;
  }

  /** Closes them, deeper ones first; those that later entries replaced are passed over. */
  void close(TreeCursor cursor) throws IOException {
    List<TreePath> paths = new ArrayList<>(permissions.keySet());
    paths.sort(Comparator.reverseOrder());
    for (TreePath path : paths) {
      List<Name> parent = path.names().subList(0, path.depth() - 1);
      cursor.up(cursor.common(parent));
      if (walkExactly(cursor, parent)) {
        Optional<FileStat> stat = cursor.here().find(path.name());
        if (stat.isPresent() && stat.get().isDirectory()) {
          cursor.here().setPermissions(path.name(), permissions.getOrDefault(path, 0));
        }
      }
    }
  }

  /** Directories only; false where one of them is gone again. */
  private static boolean walkExactly(TreeCursor cursor, List<Name> path) throws IOException {
    for (Name name : path.subList(cursor.depth(), path.size())) {
      Optional<FileStat> stat = cursor.here().find(name);
      if (stat.isEmpty() || !stat.get().isDirectory()) {
        return false;
      }
      cursor.down(name);
    }
    return true;
  }
}
