package io.jbuild.isolation;

import io.jbuild.isolation.plan.Target;
import io.jbuild.isolation.plan.Target.Kind;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds the places of mounts in a root, and makes those that are missing for as long as the sandbox
 * lives. Afterwards a place is removed by the directory that it was made in, wherever that is by
 * then, if it is the very file that was made and still empty.
 */
final class MountPoints implements Closeable {
  /** A mount point of ours, and the time that its directory had before and after. */
  private record Stub(
      KernelDir directory, Name name, FileStat made, Timestamp before, Timestamp after) {}

  private final KernelDir root;
  private final Deque<Stub> stubs = new ArrayDeque<>();
  private final List<TreePath> covered = new ArrayList<>();

  /**
   * @param root stays the caller's
   */
  MountPoints(KernelDir root) {
    this.root = root;
  }

  /** A directory of the first level that no symlink may stand for: /dev, /proc, /sys. */
  void prepareSystemDirectory(TreePath path) throws IOException {
    Optional<FileStat> present = root.find(path.name());
    if (present.isEmpty()) {
      make(root.resolve(TreePath.ROOT), path.name(), false);
    } else if (!present.get().isDirectory()) {
      throw new IOException("\"" + path + "\" of the root is not a directory");
    }
    covered.add(path);
  }

  /** A place for a mount; what comes to lie in an earlier mount is made by the child. */
  Target prepare(TreePath path, boolean file) throws IOException {
    Kind kind = file ? Kind.FILE : Kind.DIRECTORY;
    int existing =
        covered.stream()
            .filter(path::startsWith)
            .mapToInt(TreePath::depth)
            .max()
            .orElse(path.depth());
    Target target =
        existing < path.depth()
            ? new Target(path, kind, existing)
            : new Target(path, walk(path, kind), path.depth());
    covered.add(path);
    return target;
  }

  /** A directory that is there for things to be put into it; nothing is mounted on it. */
  void prepareUncovered(TreePath directory) throws IOException {
    Kind unused = walk(directory, Kind.DIRECTORY);
  }

  /** Where a symlink that leads nowhere leads. */
  TreePath behind(TreePath link) throws IOException {
    TreePath above = link.parent().orElse(TreePath.ROOT);
    try (KernelDir directory = root.resolve(above)) {
      byte[] target = directory.readLink(link.name());
      boolean absolute = target.length > 0 && target[0] == '/';
      ByteArrayOutputStream path = new ByteArrayOutputStream();
      path.writeBytes(absolute ? new byte[0] : above.bytes());
      path.write('/');
      path.writeBytes(target);
      return TreePath.parse(path.toByteArray());
    }
  }

  private Kind walk(TreePath path, Kind kind) throws IOException {
    for (int depth = 1; depth <= path.depth(); depth++) {
      TreePath prefix = TreePath.of(path.names().subList(0, depth));
      if (isMissing(prefix)) {
        boolean file = kind == Kind.FILE && depth == path.depth();
        KernelDir directory = root.resolve(prefix.parent().orElse(TreePath.ROOT));
        if (directory.find(prefix.name()).isEmpty()) {
          make(directory, prefix.name(), file);
          continue;
        }
        directory.close();
        if (file) {
          return Kind.LINK;
        }
        throw new IOException("\"" + prefix + "\" of the root is a symlink that leads nowhere");
      }
    }
    requireKind(path, kind);
    return kind;
  }

  private void requireKind(TreePath path, Kind kind) throws IOException {
    try (Fd found = root.resolvePath(path)) {
      boolean directory = Files.isDirectory(Path.of("/proc/self/fd/" + found.number()));
      if (directory != (kind == Kind.DIRECTORY)) {
        throw new IOException(
            "cannot mount a "
                + (directory ? "file" : "directory")
                + " on \""
                + path
                + "\", which is a "
                + (directory ? "directory" : "file")
                + " in the root");
      }
    }
  }

  private boolean isMissing(TreePath path) throws IOException {
    try (Fd found = root.resolvePath(path)) {
      return !found.isOpen();
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return true;
      }
      throw e;
    }
  }

  /** Takes the directory over. */
  private void make(KernelDir directory, Name name, boolean file) throws IOException {
    boolean kept = false;
    try {
      Timestamp before = directory.stat().modified();
      if (file) {
        directory.create(name, 0644).close();
      } else {
        directory.makeDir(name, 0755).close();
      }
      Timestamp after = directory.stat().modified();
      stubs.push(new Stub(directory, name, directory.stat(name), before, after));
      kept = true;
    } finally {
      if (!kept) {
        directory.close();
      }
    }
  }

  /**
   * Removes what was made, last first, and gives directories that nobody else changed their time
   * back.
   */
  @Override
  public void close() throws IOException {
    Closing all = new Closing();
    // pushed in order and closed in reverse: the first closed has to come in last
    stubs.descendingIterator().forEachRemaining(stub -> all.add(() -> remove(stub)));
    stubs.clear();
    all.close();
  }

  private static void remove(Stub stub) throws IOException {
    try (KernelDir directory = stub.directory()) {
      Optional<FileStat> now = directory.find(stub.name());
      if (now.isEmpty() || !now.get().isSameFile(stub.made()) || isFilled(now.get())) {
        return;
      }
      Timestamp modified = directory.stat().modified();
      if (!removeEmpty(directory, stub.name(), now.get())) {
        return;
      }
      directory.setTimes(modified.equals(stub.after()) ? stub.before() : modified);
    }
  }

  private static boolean isFilled(FileStat stub) {
    return stub.isRegular() ? stub.size() > 0 : !stub.isDirectory();
  }

  private static boolean removeEmpty(KernelDir directory, Name name, FileStat stub)
      throws IOException {
    if (stub.isRegular()) {
      directory.unlink(name);
      return true;
    }
    try {
      directory.removeDir(name);
      return true;
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOTEMPTY || e.errno() == Errno.EEXIST) {
        return false; // the command put something there: it is a directory of the image now
      }
      throw e;
    }
  }
}
