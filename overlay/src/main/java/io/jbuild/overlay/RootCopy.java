package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * {@code copy-<random>/{lock,root}}: all files of a stack of layers in one directory. Closing it
 * leaves the directory to its maker.
 */
final class RootCopy implements Closeable {
  static final String LOCK = "lock";

  private final Path place;
  private final LockFile lock;
  private final Dir root;
  private final KernelDir mountable;

  private RootCopy(Path place, LockFile lock, Dir root, KernelDir mountable) {
    this.place = place;
    this.lock = lock;
    this.root = root;
    this.mountable = mountable;
  }

  /**
   * Makes an empty one.
   *
   * @param place a directory that is not there yet
   * @return empty when a sweep took the new directory before it was locked
   */
  static Optional<RootCopy> make(Path place) throws IOException {
    Path root = place.resolve("root");
    Files.createDirectory(
        place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Optional<LockFile> lock;
    try {
      Files.createDirectory(root);
      lock = LockFile.tryLock(place.resolve(LOCK), LockFile.Mode.EXCLUSIVE);
    } catch (IOException e) {
      if (Files.notExists(place)) {
        return Optional.empty();
      }
      throw e;
    }
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new RootCopy(place, lock.get(), OwnedTree.open(root), KernelDir.open(root)));
  }

  /** Fills the empty copy. */
  void fill(TreeView layers) throws IOException {
    Deque<TreePath> pending = new ArrayDeque<>();
    List<TreePath> directories = new ArrayList<>();
    pending.push(TreePath.ROOT);
    try (OpenDirs from = new OpenDirs(layers.root());
        OpenDirs to = new OpenDirs(root)) {
      while (!pending.isEmpty()) {
        TreePath path = pending.pop();
        directories.add(path);
        Dir source = from.get(path);
        Dir target = to.get(path);
        for (DirEntry entry : source.entries()) {
          if (entry.stat().isDirectory()) {
            target.makeDir(entry.name(), 0700).close();
            pending.push(path.resolve(entry.name()));
          } else {
            FileCopies.file(source, entry.name(), entry.stat(), target);
          }
        }
      }
      for (int i = directories.size() - 1; i >= 0; i--) {
        FileCopies.describe(from.get(directories.get(i)), to.get(directories.get(i)));
      }
    }
  }

  /**
   * Makes files as they are in the layers now, among those whose changes a layer was made of. That
   * layer was tidied meanwhile: its times may be others, and sockets are gone. A file with several
   * names becomes as many files, as an overlay has it.
   */
  void follow(TreeView layers, List<TreePath> changed) throws IOException {
    List<TreePath> parents = new ArrayList<>();
    try (OpenDirs from = new OpenDirs(layers.root());
        OpenDirs to = new OpenDirs(root)) {
      for (TreePath path : changed) {
        Optional<FileStat> wanted = layers.lookup(path);
        parents.add(path);
        if (path.isRoot() || (wanted.isPresent() && wanted.get().isDirectory())) {
          continue;
        }
        TreePath parent = path.parent().orElseThrow();
        parents.add(parent);
        Dir target = to.get(parent);
        Optional<FileStat> present = target.find(path.name());
        if (present.isPresent()
            && (wanted.isEmpty() || present.get().linkCount() > 1)
            && !present.get().isDirectory()) {
          target.unlink(path.name());
          if (wanted.isPresent()) {
            FileCopies.file(from.get(parent), path.name(), wanted.get(), target);
          }
        } else if (present.isPresent() && wanted.isPresent()) {
          target.setTimes(path.name(), wanted.get().modified());
        }
      }
      for (int i = parents.size() - 1; i >= 0; i--) {
        Optional<FileStat> wanted = layers.lookup(parents.get(i)).filter(FileStat::isDirectory);
        if (wanted.isPresent()) {
          to.get(parents.get(i)).setTimes(wanted.get().modified());
        }
      }
    }
  }

  /** Brings what lies in an upper directory in: directories that were made in it beforehand. */
  void add(Dir upper) throws IOException {
    Deque<TreePath> pending = new ArrayDeque<>();
    List<TreePath> directories = new ArrayList<>();
    pending.push(TreePath.ROOT);
    try (OpenDirs from = new OpenDirs(upper);
        OpenDirs to = new OpenDirs(root)) {
      while (!pending.isEmpty()) {
        TreePath path = pending.pop();
        directories.add(path);
        for (DirEntry entry : from.get(path).entries()) {
          if (!entry.stat().isDirectory()) {
            throw new IllegalStateException("a file in a new upper: " + path + entry.name());
          }
          if (to.get(path).find(entry.name()).isEmpty()) {
            to.get(path).makeDir(entry.name(), 0700).close();
          }
          pending.push(path.resolve(entry.name()));
        }
      }
      for (int i = directories.size() - 1; i >= 0; i--) {
        FileCopies.describe(from.get(directories.get(i)), to.get(directories.get(i)));
      }
    }
  }

  Dir root() {
    return root;
  }

  /** The root for a mount. */
  KernelDir mountable() {
    return mountable;
  }

  Path place() {
    return place;
  }

  Path directory() {
    return place.resolve("root");
  }

  @Override
  public void close() throws IOException {
    try (lock;
        mountable) {
      root.close();
    }
  }
}
