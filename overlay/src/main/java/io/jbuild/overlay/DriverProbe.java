package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FilesystemStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.mount.MountApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tries a driver on a stack of one small layer: a real mount, a deletion, a directory made anew.
 */
final class DriverProbe {
  private static final Name FILE = Name.of("file");
  private static final Name DIRECTORY = Name.of("directory");
  private static final int NO_EXEC = 8;

  private final Path scratch;

  /**
   * @param scratch an empty directory on the file system of the layers
   */
  DriverProbe(Path scratch) {
    this.scratch = scratch;
  }

  /** Why it does not work, in one line; empty when it does. */
  Optional<String> reason(StorageDriver driver, Snapshots snapshots) throws IOException {
    Path place = Files.createTempDirectory(scratch, "probe-");
    try {
      return attempt(snapshots, place);
    } catch (LinuxException e) {
      return Optional.of(explain(driver, e));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      try (KernelDir parent = KernelDir.open(scratch)) {
        parent.removeTree(Name.of(place.getFileName().toString()));
      }
    }
  }

  private static Optional<String> attempt(Snapshots snapshots, Path place) throws IOException {
    Path lower = Files.createDirectory(place.resolve("lower"));
    Path upper = Files.createDirectory(place.resolve("upper"));
    Path work = Files.createDirectory(place.resolve("work"));
    Files.createFile(lower.resolve("file"));
    Files.createDirectory(lower.resolve("directory"));
    Snapshots.Active active = snapshots.prepare(List.of(lower), upper, work);
    try (active) {
      change(active);
      Snapshots.Committed unused = active.commit();
    }
    try (Dir changes = OwnedTree.open(upper)) {
      Optional<FileStat> deleted = changes.find(FILE);
      if (deleted.isEmpty() || !OverlayFormat.isWhiteout(deleted.get())) {
        return Optional.of("a deletion leaves no whiteout");
      }
      return OverlayFormat.isOpaque(changes.xattrs(DIRECTORY))
          ? Optional.empty()
          : Optional.of("a directory that was made anew is not opaque");
    }
  }

  private static void change(Snapshots.Active active) throws IOException {
    try (Fd mount = MountApi.openDetached(active.mount(), Set.of());
        KernelDir root = KernelDir.of(mount)) {
      if ((root.filesystem().flags() & NO_EXEC) != 0) {
        throw new IOException("its files cannot be executed: the store is mounted noexec");
      }
      root.unlink(FILE);
      root.removeDir(DIRECTORY);
      root.makeDir(DIRECTORY, 0755).close();
    }
  }

  private String explain(StorageDriver driver, LinuxException e) throws IOException {
    String message = String.valueOf(e.getMessage());
    if (e.errno() == Errno.EOPNOTSUPP) {
      return message + " (the store's file system keeps no such attributes)";
    }
    return driver == StorageDriver.OVERLAY && isOverlay()
        ? message + " (the store is on an overlay itself, as in a container: put it on a volume)"
        : message;
  }

  private boolean isOverlay() throws IOException {
    try (KernelDir dir = KernelDir.open(scratch)) {
      return dir.filesystem().magic() == FilesystemStat.OVERLAY;
    }
  }
}
