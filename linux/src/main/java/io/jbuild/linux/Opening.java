package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.ByteBuffer;

/** openat(2) and openat2(2), always close-on-exec. */
final class Opening {
  private static final byte[] HERE = {'.'};

  /**
   * How often a lookup is tried again that the kernel gave up with EAGAIN, because something was
   * renamed or mounted meanwhile and it could not be sure that {@code ..} stayed inside.
   */
  private static final int RACES = 128;

  private Opening() {}

  static Fd at(int dir, Name name, int flags, int mode, String flagNames) throws LinuxException {
    long result = tryAt(dir, name.raw(), flags, mode);
    if (result < 0) {
      throw Failures.of(Syscall.OPENAT, dir, name, flagNames, result);
    }
    return Fd.owning((int) result);
  }

  static long tryAt(int dir, byte[] name, int flags, int mode) {
    return Kernel.call(
        Syscall.OPENAT, dir, Scratch.get().string(name), flags | OpenFlags.CLOEXEC, mode);
  }

  /** Opens a path of the process, symlinks followed. */
  static Fd path(byte[] path, int flags, String flagNames) throws LinuxException {
    long result = tryAt(OpenFlags.AT_FDCWD, path, flags, 0600);
    if (result < 0) {
      String operand = Failures.quote(Printable.of(path)) + " (" + flagNames + ")";
      throw new LinuxException("openat " + operand, (int) -result);
    }
    return Fd.owning((int) result);
  }

  static Fd inRoot(int root, TreePath path, int flags, String flagNames) throws LinuxException {
    int resolve = OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS;
    byte[] below = path.isRoot() ? HERE : path.relativeBytes();
    long result = tryOpenat2(root, below, flags, resolve);
    if (result < 0) {
      String operands = Failures.quote(path) + " in root " + Failures.place(root);
      throw new LinuxException("openat2 " + operands + " (" + flagNames + ")", (int) -result);
    }
    return Fd.owning((int) result);
  }

  static long tryOpenat2(int dir, byte[] path, int flags, int resolve) {
    Scratch scratch = Scratch.get();
    long result = -Errno.EAGAIN.number();
    for (int i = 0; i < RACES && result == -Errno.EAGAIN.number(); i++) {
      ByteBuffer how = scratch.data();
      how.putLong(0, flags | OpenFlags.CLOEXEC).putLong(8, 0).putLong(16, resolve);
      result = Kernel.call(Syscall.OPENAT2, dir, scratch.string(path), scratch.dataAddress(), 24);
    }
    return result;
  }
}
