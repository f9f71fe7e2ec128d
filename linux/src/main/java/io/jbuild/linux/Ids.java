package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  static void setOwner(int fd, long uid, long gid) throws IOException {
    long result = Kernel.call(Syscall.FCHOWN, fd, checked(uid), checked(gid));
    if (result < 0) {
      throw failure(Syscall.FCHOWN, fd, null, uid, gid, result);
    }
  }

  /** EINVAL means that a number is none of this user namespace's, which says how to mend it. */
  static LinuxException failure(
      Syscall call, int fd, @Nullable Name name, long uid, long gid, long result)
      throws IOException {
    String owner = uid + ":" + gid;
    if (result == -Errno.EINVAL.number()) {
      Optional<String> unmapped = UserNamespace.current().unmapped(uid, gid);
      if (unmapped.isPresent()) {
        String operation = call.manualName() + " " + Failures.operand(fd, name) + " (" + owner;
        return new LinuxException(operation + ")", (int) -result, unmapped.get());
      }
    }
    return Failures.of(call, fd, name, owner, result);
  }
}
