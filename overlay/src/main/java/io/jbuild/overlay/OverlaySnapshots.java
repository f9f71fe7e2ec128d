package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.mount.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Snapshots by overlayfs, see {@link OverlayStack} for the mounts. */
public final class OverlaySnapshots implements Snapshots {
  private final Path empty;

  /**
   * @param empty an empty directory of mode 0755, the lower of a stack without layers
   */
  public OverlaySnapshots(Path empty) {
    this.empty = empty;
  }

  @Override
  public View view(List<Path> layers) throws IOException {
    Mount mount = OverlayStack.of(layers, empty).readOnly();
    return () -> mount;
  }

  @Override
  public Active prepare(List<Path> layers, Path upper, Path work) throws IOException {
    OverlayStack stack = OverlayStack.of(layers, empty);
    LockFile owner =
        LockFile.tryLockDirectory(upper).orElseThrow(() -> new SnapshotInUseException(upper));
    try {
      copyRootAttributes(stack, upper);
      return new Writable(stack, layers, upper, work, owner);
    } catch (IOException | RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** The merged root's attributes are those of the topmost layer's root. */
  private void copyRootAttributes(OverlayStack stack, Path upper) throws IOException {
    Path top = stack.layers().isEmpty() ? empty : stack.layers().get(0);
    try (Dir from = OwnedTree.open(top);
        Dir to = OwnedTree.open(upper)) {
      copyAttributes(from, to);
    }
  }

  private static void copyAttributes(Dir from, Dir to) throws IOException {
    FileStat stat = from.stat();
    to.setOwner(stat.uid(), stat.gid());
    for (Map.Entry<String, byte[]> each : OverlayFormat.visible(from.xattrs()).entrySet()) {
      if (!each.getKey().startsWith("security.") || each.getKey().equals("security.capability")) {
        to.setXattr(each.getKey(), each.getValue());
      }
    }
    to.setPermissions(stat.permissions());
    to.setTimes(stat.modified());
  }

  private static final class Writable implements Active {
    private static final Name MARK = Name.of("incompat");

    private final OverlayStack stack;
    private final List<Path> layers;
    private final Path upper;
    private final Path work;
    private final LockFile owner;
    private boolean ended;

    Writable(OverlayStack stack, List<Path> layers, Path upper, Path work, LockFile owner) {
      this.stack = stack;
      this.layers = List.copyOf(layers);
      this.upper = upper;
      this.work = work;
      this.owner = owner;
    }

    /**
     * Volatile: after a crash the upper is thrown away, and who commits it syncs it once. The mark
     * that overlayfs leaves refuses a second mount, for fear of a crash; the lock tells that there
     * was none.
     */
    @Override
    public Mount mount() throws IOException {
      removeMark(work.resolve("work"));
      return stack.writable(upper, work, true);
    }

    private static void removeMark(Path inside) throws IOException {
      if (Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
        try (KernelDir dir = KernelDir.open(inside)) {
          if (dir.find(MARK).isPresent()) {
            dir.removeTree(MARK);
          }
        }
      }
    }

    @Override
    public synchronized Committed commit() {
      if (ended) {
        throw new IllegalStateException("\"" + upper + "\" has been committed or closed");
      }
      close();
      List<Path> all = new ArrayList<>();
      all.add(upper);
      all.addAll(layers);
      return new Committed(upper, all);
    }

    @Override
    public synchronized void close() {
      ended = true;
      owner.close();
    }
  }
}
