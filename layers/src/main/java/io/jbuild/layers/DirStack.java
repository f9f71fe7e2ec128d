package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.Name;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories from a root down to where a walk stands. However deep that is, only a bounded
 * number of them are open; the others are opened again, name by name from the root, when the walk
 * comes back up.
 *
 * <p>The tree must belong to the walker: a directory that was closed is believed to be still where
 * it was.
 */
final class DirStack implements Closeable {
  private static final int MOST_OPEN = 128;

  private final Dir root;
  private final List<Name> names = new ArrayList<>();
  private final List<@Nullable Dir> dirs = new ArrayList<>();

  /** Levels below this one are closed. */
  private int firstOpen;

  /** The root stays the caller's. */
  DirStack(Dir root) {
    this.root = root;
  }

  int depth() {
    return names.size();
  }

  Name name(int level) {
    return names.get(level);
  }

  Dir top() {
    Dir top = dirs.isEmpty() ? root : dirs.get(dirs.size() - 1);
    if (top == null) {
      throw new IllegalStateException("the directory at the top is closed");
    }
    return top;
  }

  /** Takes over a directory that was opened in the present top. */
  void push(Name name, Dir opened) throws IOException {
    names.add(name);
    dirs.add(opened);
    if (dirs.size() - firstOpen > MOST_OPEN) {
      close(firstOpen++);
    }
  }

  void pop() throws IOException {
    int last = dirs.size() - 1;
    close(last);
    dirs.remove(last);
    names.remove(last);
    if (last > 0 && firstOpen == last) {
      reopen();
    }
    firstOpen = Math.min(firstOpen, dirs.size());
  }

  private void close(int level) throws IOException {
    Dir dir = dirs.set(level, null);
    if (dir != null) {
      dir.close();
    }
  }

  private void reopen() throws IOException {
    firstOpen = Math.max(0, dirs.size() - MOST_OPEN / 2);
    Dir at = root;
    for (int level = 0; level < dirs.size(); level++) {
      Dir next = at.open(names.get(level));
      boolean atIsKept = level == 0 || level - 1 >= firstOpen;
      if (!atIsKept) {
        at.close();
      }
      if (level >= firstOpen) {
        dirs.set(level, next);
      }
      at = next;
    }
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    for (int level = dirs.size() - 1; level >= 0; level--) {
      try {
        close(level);
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    dirs.clear();
    names.clear();
    firstOpen = 0;
    if (first != null) {
      throw first;
    }
  }
}
