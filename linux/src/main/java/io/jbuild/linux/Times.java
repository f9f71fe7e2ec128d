package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.ByteBuffer;

/** File times for utimensat(2): the access time is set to the modification time. */
final class Times {
  private Times() {}

  static void put(Scratch scratch, Timestamp modified) {
    ByteBuffer times = scratch.data();
    for (int i = 0; i < 2; i++) {
      times.putLong(modified.seconds()).putLong(modified.nanos());
    }
  }

  static void set(int fd, Timestamp modified) throws LinuxException {
    Scratch scratch = Scratch.get();
    put(scratch, modified);
    long result = Kernel.call(Syscall.UTIMENSAT, fd, 0, scratch.dataAddress(), 0);
    Failures.check(result, Syscall.UTIMENSAT, fd, null);
  }
}
