package io.jbuild.linux.spawn;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;

/** The few calls on a child that spawning itself needs. */
final class RawCall {
  private static final int P_PID = 1;
  private static final int WEXITED = 4;

  private RawCall() {}

  /** A pidfd of a child that has not been waited for, or a negative errno. */
  static int pidfdOpen(int pid) {
    return (int) Kernel.call(Syscall.PIDFD_OPEN, pid, 0);
  }

  /** Waits for a child that is certain to end, and forgets its status. */
  static void reap(int pid) {
    long unused = Kernel.call(Syscall.WAITID, P_PID, pid, 0, WEXITED, 0);
  }

  static void close(int fd) {
    long unused = Kernel.callOnce(Syscall.CLOSE, fd, 0, 0, 0, 0);
  }
}
