package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;

/** Changing permissions without following a symlink, which fchmodat(2) cannot. */
final class Permissions {
  private static volatile boolean kernelKnowsFchmodat2 = true;

  private Permissions() {}

  static void set(int fd, int permissions) throws LinuxException {
    long result = Kernel.call(Syscall.FCHMOD, fd, checked(permissions));
    if (result < 0) {
      throw Failures.of(Syscall.FCHMOD, fd, null, Failures.octal(permissions), result);
    }
  }

  static void set(int dir, Name name, int permissions) throws LinuxException {
    long result = trySet(dir, name, checked(permissions));
    if (result < 0) {
      throw Failures.of(Syscall.FCHMODAT2, dir, name, Failures.octal(permissions), result);
    }
  }

  static long trySet(int dir, Name name, int permissions) {
    if (kernelKnowsFchmodat2) {
      long result =
          Kernel.call(
              Syscall.FCHMODAT2,
              dir,
              Scratch.get().string(name.raw()),
              permissions,
              OpenFlags.AT_SYMLINK_NOFOLLOW);
      if (result != -Errno.ENOSYS.number()) {
        return result;
      }
      kernelKnowsFchmodat2 = false;
    }
    return throughDescriptor(dir, name, permissions);
  }

  /**
   * Before Linux 6.6: opens the file itself (O_PATH), and where that is no symlink changes it
   * through the magic link of the descriptor, which leads to exactly that file.
   */
  static long throughDescriptor(int dir, Name name, int permissions) {
    long opened = Opening.tryAt(dir, name.raw(), OpenFlags.PATH | OpenFlags.NOFOLLOW, 0);
    if (opened < 0) {
      return opened;
    }
    try (Fd file = Fd.owning((int) opened)) {
      Scratch scratch = Scratch.get();
      long result = Stats.self(file.number(), scratch);
      if (result < 0) {
        return result;
      }
      if (Stats.parse(scratch).isSymlink()) {
        return -Errno.EOPNOTSUPP.number();
      }
      long path = scratch.procPath(file.number(), new byte[0]);
      return Kernel.call(Syscall.FCHMODAT, OpenFlags.AT_FDCWD, path, permissions);
    }
  }

  private static int checked(int permissions) {
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException(
          "permissions out of range: 0" + Integer.toOctalString(permissions));
    }
    return permissions;
  }
}
