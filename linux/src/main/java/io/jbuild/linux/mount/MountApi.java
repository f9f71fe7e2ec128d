package io.jbuild.linux.mount;

import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.PathBytes;
import io.jbuild.linux.Printable;
import io.jbuild.linux.Self;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Mounts by descriptor. A detached mount has no place in any mount namespace; it can be looked into
 * ({@code KernelDir.of}), attached, or simply closed, and then it is gone, whatever happens to this
 * process.
 */
public final class MountApi {
  private static final byte[] EMPTY = {};
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int OPEN_TREE_CLOEXEC = 02000000;
  private static final int MOVE_MOUNT_EMPTY_PATHS = 0x4 | 0x40;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final long MS_PRIVATE = 1 << 18;

  private MountApi() {}

  /**
   * Makes the mount, attached nowhere, private. The caller closes the descriptor.
   *
   * <p>A file system that shows its maker's namespaces ({@link Filesystem#showsNamespaces}) is
   * refused as a bug: it has to be made inside the container.
   */
  public static Fd openDetached(Mount mount, Set<MountFlag> flags) throws IOException {
    return openDetached(mount, flags, Optional.empty());
  }

  /**
   * As {@link #openDetached(Mount, Set)}, with one SELinux label for all files of a new file
   * system; binds keep those that they have.
   */
  public static Fd openDetached(Mount mount, Set<MountFlag> flags, Optional<String> label)
      throws IOException {
    if (mount instanceof Bind bind) {
      return openBind(bind, flags);
    }
    if (mount instanceof Prepared prepared) {
      return handOver(prepared, flags);
    }
    if (mount instanceof Overlay overlay) {
      return OverlayMounter.openDetached(overlay, flags, label.map(MountApi::context));
    }
    Filesystem filesystem = (Filesystem) mount;
    if (filesystem.showsNamespaces()) {
      throw new IllegalArgumentException(
          filesystem.type() + " would show the namespaces of the caller, not of the container");
    }
    try (FsContext context = FsContext.open(filesystem.type())) {
      for (MountOption option : filesystem.options()) {
        context.set(option);
      }
      if (label.isPresent()) {
        context.set(context(label.get()));
      }
      context.create();
      return context.mount(flags);
    }
  }

  private static MountOption context(String label) {
    return new MountOption.Text("context", label);
  }

  private static Fd handOver(Prepared prepared, Set<MountFlag> flags) throws IOException {
    Fd same = prepared.mount().duplicate();
    try {
      change(same, flags, Set.of(), false);
      return same;
    } catch (IOException e) {
      same.close();
      throw e;
    }
  }

  private static Fd openBind(Bind bind, Set<MountFlag> flags) throws IOException {
    Fd tree = cloneTree(bind.source(), bind.recursive());
    try {
      change(tree, flags, Set.of(), bind.recursive());
      return tree;
    } catch (IOException e) {
      tree.close();
      throw e;
    }
  }

  /**
   * Whether {@link #cloneTree} and {@link Bind} take what is inside a detached mount. Before Linux
   * 6.15 only a mount that is attached can be cloned.
   */
  public static boolean clonesDetached() throws IOException {
    return Self.kernelIsAtLeast(6, 15);
  }

  /** open_tree(2): a detached copy of the mounts at a file or directory. The caller closes it. */
  public static Fd cloneTree(Fd source, boolean recursive) throws LinuxException {
    int flags =
        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
    long result =
        Kernel.call(Syscall.OPEN_TREE, source.number(), Scratch.get().string(EMPTY), flags);
    if (result < 0) {
      String names = recursive ? " (OPEN_TREE_CLONE|AT_RECURSIVE)" : " (OPEN_TREE_CLONE)";
      throw new LinuxException("open_tree " + source + names, (int) -result);
    }
    return Fd.owning((int) result);
  }

  /** move_mount(2): attaches a detached mount, or moves an attached one, onto an open file. */
  public static void attach(Fd mount, Fd target) throws LinuxException {
    Scratch scratch = Scratch.get();
    long result =
        Kernel.call(
            Syscall.MOVE_MOUNT,
            mount.number(),
            scratch.string(EMPTY),
            target.number(),
            scratch.secondString(EMPTY),
            MOVE_MOUNT_EMPTY_PATHS);
    if (result < 0) {
      throw new LinuxException("move_mount " + mount + " to " + target, (int) -result);
    }
  }

  /** mount_setattr(2): sets and clears flags of a mount, and makes it private. */
  public static void change(Fd mount, Set<MountFlag> set, Set<MountFlag> clear, boolean recursive)
      throws LinuxException {
    Scratch scratch = Scratch.get();
    ByteBuffer attributes = scratch.data();
    attributes.putLong(0, MountFlag.attributes(set)).putLong(8, MountFlag.attributes(clear));
    attributes.putLong(16, MS_PRIVATE).putLong(24, 0);
    int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
    long result =
        Kernel.call(
            Syscall.MOUNT_SETATTR,
            mount.number(),
            scratch.string(EMPTY),
            flags,
            scratch.dataAddress(),
            32);
    if (result < 0) {
      throw new LinuxException(
          "mount_setattr " + mount + " (set " + set + ", clear " + clear + ", private)",
          (int) -result);
    }
  }

  /**
   * Detaches what is mounted at a path, at once and also while it is in use; the path's last
   * symlink is not followed.
   *
   * @return false where nothing is mounted there
   */
  public static boolean detach(Path path) throws LinuxException {
    byte[] bytes = PathBytes.of(path);
    long result =
        Kernel.call(Syscall.UMOUNT2, Scratch.get().string(bytes), MNT_DETACH | UMOUNT_NOFOLLOW);
    if (result < 0 && result != -Errno.EINVAL.number()) {
      throw new LinuxException(
          "umount2 \"" + Printable.of(bytes) + "\" (MNT_DETACH)", (int) -result);
    }
    return result == 0;
  }
}
