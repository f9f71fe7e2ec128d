package io.jbuild.isolation;

import io.jbuild.linux.Closing;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What stands for mounts where nobody can mount: files and directories that are put into a root for
 * as long as a sandbox lives. What was there before waits beside the root, and comes back, by the
 * very directory that it was taken from.
 */
final class CoveredPlaces implements Closeable {
  /** A place that is covered, and the time that its directory had before and after. */
  private record Cover(
      KernelDir directory,
      Name name,
      Optional<Name> aside,
      Optional<Origin> origin,
      Timestamp before,
      Timestamp after) {}

  /** Where something came from that has to go back. */
  private record Origin(KernelDir directory, Name name, FileStat what) {}

  private static final Name WAITING = Name.of("covered");

  private final KernelDir root;
  private final KernelDir asides;
  private final Closing undone = new Closing();
  private int number;

  /**
   * @param root stays the caller's
   * @param beside a directory on the root's file system, out of the command's reach; stays the
   *     caller's
   */
  CoveredPlaces(KernelDir root, KernelDir beside) throws IOException {
    this.root = root;
    asides = beside.makeDir(WAITING, 0700);
    Closeable last = () -> beside.removeTree(WAITING);
    undone.add(last);
    undone.add(asides);
  }

  /** Fills a place that is empty by now. */
  private interface Content {
    Optional<Origin> put(KernelDir directory, Name name) throws IOException;
  }

  /** An empty directory. The caller closes it. */
  KernelDir directory(TreePath path, int permissions) throws IOException {
    cover(
        path,
        (directory, name) -> {
          directory.makeDir(name, permissions).close();
          return Optional.empty();
        });
    try (KernelDir parent = root.resolve(path.parent().orElseThrow())) {
      return parent.open(path.name());
    }
  }

  /** A file of its own. */
  void file(SandboxFile file) throws IOException {
    cover(
        file.target(),
        (directory, name) -> {
          try (OutputFile made = directory.create(name, 0600)) {
            byte[] content = file.content();
            made.write(content, 0, content.length);
            made.setOwner(file.uid(), file.gid());
            made.setPermissions(file.permissions());
          }
          return Optional.empty();
        });
  }

  /** A copy that may be changed and is thrown away. */
  void copy(Fd source, TreePath target) throws IOException {
    Path path = pathOf(source);
    cover(
        target,
        (directory, name) -> {
          try (KernelDir parent = KernelDir.open(parentOf(path))) {
            CopiedTree.copy(parent, nameOf(path), directory, name);
          }
          return Optional.empty();
        });
  }

  /** The thing itself, which goes back with what was changed in it. */
  void move(Fd source, TreePath target) throws IOException {
    Path path = pathOf(source);
    cover(target, (directory, name) -> Optional.of(moved(path, directory, name)));
  }

  private static Origin moved(Path path, KernelDir directory, Name name) throws IOException {
    KernelDir parent = KernelDir.open(parentOf(path));
    try {
      Origin origin = new Origin(parent, nameOf(path), parent.stat(nameOf(path)));
      parent.rename(nameOf(path), directory, name, false);
      return origin;
    } catch (IOException e) {
      parent.close();
      throw e;
    }
  }

  private static Path pathOf(Fd source) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/fd/" + source.number()));
  }

  private static Path parentOf(Path path) {
    return path.resolveSibling("");
  }

  private static Name nameOf(Path path) {
    return Name.of(String.valueOf(path.getFileName()));
  }

  private void cover(TreePath path, Content content) throws IOException {
    TreePath above = path.parent().orElseThrow();
    if (!above.isRoot()) {
      undone.add(new MountPoints(root)).prepareUncovered(above);
    }
    KernelDir directory = root.resolve(above);
    boolean kept = false;
    try {
      Timestamp before = directory.stat().modified();
      Optional<Name> aside = setAside(directory, path.name());
      Optional<Origin> origin = filled(content, directory, path.name(), aside, before);
      Timestamp after = directory.stat().modified();
      Cover cover = new Cover(directory, path.name(), aside, origin, before, after);
      Closeable uncovering = () -> uncover(cover);
      undone.add(uncovering);
      kept = true;
    } finally {
      if (!kept) {
        directory.close();
      }
    }
  }

  /** What cannot be filled is as it was: the caller may do without. */
  private Optional<Origin> filled(
      Content content, KernelDir directory, Name name, Optional<Name> aside, Timestamp before)
      throws IOException {
    try {
      return content.put(directory, name);
    } catch (IOException e) {
      Closing back = new Closing();
      back.add(() -> directory.setTimes(before));
      aside.ifPresent(from -> back.add(() -> restore(directory, name, from)));
      if (directory.find(name).isPresent()) {
        back.add(() -> directory.removeTree(name));
      }
      back.closeAfter(e);
      throw e;
    }
  }

  private Optional<Name> setAside(KernelDir directory, Name name) throws IOException {
    if (directory.find(name).isEmpty()) {
      return Optional.empty();
    }
    Name aside = Name.of(Integer.toString(number++));
    directory.rename(name, asides, aside, false);
    return Optional.of(aside);
  }

  /** Makes a device in an open directory; false where the kernel lets nobody. */
  static boolean device(KernelDir directory, Name name, int permissions, DeviceNumber number)
      throws IOException {
    try {
      directory.makeNode(name, FileType.CHARACTER_DEVICE, permissions, number);
      return true;
    } catch (LinuxException e) {
      if (e.errno() == Errno.EPERM) {
        return false;
      }
      throw e;
    }
  }

  /** Puts everything back, last first. */
  @Override
  public void close() throws IOException {
    undone.close();
  }

  private void uncover(Cover cover) throws IOException {
    try (KernelDir directory = cover.directory()) {
      Timestamp modified = directory.stat().modified();
      if (cover.origin().isPresent()) {
        giveBack(cover, cover.origin().get());
      } else if (directory.find(cover.name()).isPresent()) {
        directory.removeTree(cover.name());
      }
      if (cover.aside().isPresent()) {
        restore(directory, cover.name(), cover.aside().get());
      }
      directory.setTimes(modified.equals(cover.after()) ? cover.before() : modified);
    }
  }

  private static void giveBack(Cover cover, Origin origin) throws IOException {
    try (KernelDir home = origin.directory()) {
      Optional<FileStat> now = cover.directory().find(cover.name());
      if (now.isEmpty() || !now.get().isSameFile(origin.what())) {
        throw new IOException(
            "the command has moved \"" + cover.name() + "\" away, which was mounted there");
      }
      cover.directory().rename(cover.name(), home, origin.name(), false);
    }
  }

  /** A directory that the command has removed takes nothing back. */
  private void restore(KernelDir directory, Name name, Name aside) throws IOException {
    try {
      asides.rename(aside, directory, name, false);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }
}
