package io.jbuild.linux;

import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes a tree depth first without recursion. Descriptors are kept for the upper levels only; a
 * deeper parent is opened again as {@code ..} of its child, and used only when it is still the very
 * directory that was left, so that a tree moved meanwhile never leads outside.
 */
final class TreeRemoval implements Closeable {
  private static final int KEPT_OPEN = 64;
  private static final byte[] UP = {'.', '.'};

  private final KernelDir parent;
  private final List<Level> levels = new ArrayList<>();

  /** A directory that is being emptied: what it is, where it hangs, what is still in it. */
  private static final class Level {
    final Name name;
    final FileStat identity;
    final Iterator<Name> rest;
    @Nullable KernelDir dir;

    Level(Name name, KernelDir dir, FileStat identity) throws IOException {
      this.name = name;
      this.dir = dir;
      this.identity = identity;
      this.rest = dir.list().iterator();
    }

    KernelDir dir() {
      if (dir == null) {
        throw new IllegalStateException("directory is not open: " + name);
      }
      return dir;
    }

    void close() {
      if (dir != null) {
        dir.close();
        dir = null;
      }
    }
  }

  private TreeRemoval(KernelDir parent) {
    this.parent = parent;
  }

  static void remove(KernelDir parent, Name name) throws IOException {
    if (removeLeaf(parent, name)) {
      return;
    }
    try (TreeRemoval removal = new TreeRemoval(parent)) {
      removal.descend(parent, name);
      removal.run();
    }
  }

  private void run() throws IOException {
    while (!levels.isEmpty()) {
      Level level = levels.get(levels.size() - 1);
      if (level.rest.hasNext()) {
        Name next = level.rest.next();
        if (!removeLeaf(level.dir(), next)) {
          descend(level.dir(), next);
        }
      } else {
        ascend();
      }
    }
  }

  /** Removes a file or an empty directory; false for a directory that is not empty. */
  private static boolean removeLeaf(KernelDir dir, Name name) throws IOException {
    long result = dir.tryUnlink(name, 0);
    if (result == -Errno.EISDIR.number()) {
      result = dir.tryUnlink(name, OpenFlags.AT_REMOVEDIR);
      if (result == -Errno.ENOTEMPTY.number() || result == -Errno.EEXIST.number()) {
        return false;
      }
    }
    Failures.check(result, Syscall.UNLINKAT, dir.number(), name);
    return true;
  }

  private void descend(KernelDir from, Name name) throws IOException {
    KernelDir dir = openBelow(from, name);
    try {
      FileStat identity = dir.stat();
      if ((identity.permissions() & 0700) != 0700) {
        dir.setPermissions(0700); // or an owner who is not root could not remove what is in it
      }
      levels.add(new Level(name, dir, identity));
    } catch (IOException e) {
      dir.close();
      throw e;
    }
    if (levels.size() > KEPT_OPEN) {
      levels.get(levels.size() - 2).close();
    }
  }

  /** Leaves the lowest directory, which is empty now, and removes it. */
  private void ascend() throws IOException {
    Level done = levels.get(levels.size() - 1);
    KernelDir above = levels.size() == 1 ? parent : reopened(levels.get(levels.size() - 2), done);
    levels.remove(levels.size() - 1);
    done.close();
    above.removeDir(done.name);
  }

  private static KernelDir reopened(Level above, Level below) throws IOException {
    if (above.dir == null) {
      int child = below.dir().number();
      long result = Opening.tryAt(child, UP, OpenFlags.DIRECTORY, 0);
      if (result < 0) {
        throw new LinuxException("openat \"..\" in " + Failures.place(child), (int) -result);
      }
      above.dir = new KernelDir(Fd.owning((int) result));
      if (!above.dir.stat().isSameFile(above.identity)) {
        throw new IOException(
            "remove tree: " + Failures.place(child) + " was moved while it was being removed");
      }
    }
    return above.dir();
  }

  private static KernelDir openBelow(KernelDir from, Name name) throws IOException {
    long result = tryOpenBelow(from, name);
    if (result == -Errno.EACCES.number()) {
      result = Permissions.trySet(from.number(), name, 0700);
      result = result < 0 ? result : tryOpenBelow(from, name);
    }
    if (result < 0) {
      throw Failures.of(
          Syscall.OPENAT2, from.number(), name, "O_DIRECTORY|O_NOFOLLOW, RESOLVE_NO_XDEV", result);
    }
    return new KernelDir(Fd.owning((int) result));
  }

  private static long tryOpenBelow(KernelDir from, Name name) {
    return Opening.tryOpenat2(
        from.number(),
        name.raw(),
        OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW,
        OpenFlags.RESOLVE_NO_XDEV | OpenFlags.RESOLVE_NO_SYMLINKS);
  }

  @Override
  public void close() {
    levels.forEach(Level::close);
  }
}
