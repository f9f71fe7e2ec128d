package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;

/** User and group numbers: unsigned, 32 bits, without the one that means "leave it". */
final class Ids {
  private static final long LARGEST = 0xfffffffeL;

  private Ids() {}

  static long checked(long id) {
    if (id < 0 || id > LARGEST) {
      throw new IllegalArgumentException("user or group number out of range: " + id);
    }
    return id;
  }

  static void setOwner(int fd, long uid, long gid) throws LinuxException {
    long result = Kernel.call(Syscall.FCHOWN, fd, checked(uid), checked(gid));
    if (result < 0) {
      throw Failures.of(Syscall.FCHOWN, fd, null, uid + ":" + gid, result);
    }
  }
}
