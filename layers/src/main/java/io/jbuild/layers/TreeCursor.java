package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands in one directory of a tree that is being filled, and keeps those above it open. A
 * directory's time, which making files in it changes, is put back when the cursor leaves it.
 *
 * <p>Only real directories are entered, each opened by its name in the one above; whoever removes
 * one stands in its parent, so that no directory stays open under a name that means something else
 * by now.
 */
final class TreeCursor implements Closeable {
  private final Dir root;
  private final DirStack dirs;
  private final List<Timestamp> times = new ArrayList<>();

  /** Whether names in the directory of each level changed. */
  private final List<Boolean> changed = new ArrayList<>();

  private Timestamp rootTime;
  private boolean rootChanged;

  TreeCursor(Dir root) throws IOException {
    this.root = root;
    this.dirs = new DirStack(root);
    this.rootTime = root.stat().modified();
  }

  Dir here() {
    return dirs.top();
  }

  int depth() {
    return dirs.depth();
  }

  Name name(int level) {
    return dirs.name(level);
  }

  /** The names from the root to here. */
  List<Name> names() {
    List<Name> all = new ArrayList<>(depth());
    for (int i = 0; i < depth(); i++) {
      all.add(dirs.name(i));
    }
    return all;
  }

  /** The path of a name here. */
  TreePath path(Name name) {
    List<Name> all = names();
    all.add(name);
    return TreePath.of(all);
  }

  /** Goes up until this many names are left. */
  void up(int depth) throws IOException {
    while (depth() > depth) {
      int last = depth() - 1;
      if (changed.get(last)) {
        here().setTimes(times.get(last));
      }
      changed.remove(last);
      times.remove(last);
      dirs.pop();
    }
  }

  /** Goes down into a directory that is here. */
  void down(Name name) throws IOException {
    Dir opened = here().open(name);
    enter(name, opened, opened.stat().modified());
  }

  /** Goes down into a directory that was just made and opened; it is the cursor's to close now. */
  void enter(Name name, Dir opened, Timestamp time) throws IOException {
    times.add(time);
    changed.add(false);
    dirs.push(name, opened);
  }

  /** Notes that names in this directory change, and gives it. */
  Dir change() {
    if (depth() == 0) {
      rootChanged = true;
    } else {
      changed.set(depth() - 1, true);
    }
    return here();
  }

  /** The time that the root gets in the end. */
  void rootTime(Timestamp time) {
    rootTime = time;
    rootChanged = true;
  }

  /** How many leading names of this path are those of the directories down to here. */
  int common(List<Name> path) {
    int most = Math.min(path.size(), depth());
    int common = 0;
    while (common < most && path.get(common).equals(dirs.name(common))) {
      common++;
    }
    return common;
  }

  @Override
  public void close() throws IOException {
    try (dirs) {
      up(0);
      if (rootChanged) {
        root.setTimes(rootTime);
      }
    }
  }
}
