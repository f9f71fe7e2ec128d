package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.ByteBuffer;
import java.time.Duration;

/** ppoll(2) of one descriptor. */
final class Polling {
  static final short READABLE = 1;

  /** Something exceptional, such as a kernel file whose content has changed. */
  static final short CHANGED = 2;

  private static final int POLL_FD_BYTES = 8;

  private Polling() {}

  /** Waits in native code; false when the time is over. A signal does not end the wait. */
  static boolean await(Fd fd, short events, Duration most) throws LinuxException {
    Scratch scratch = Scratch.get();
    ByteBuffer data = scratch.data();
    data.putInt(0, fd.number()).putShort(4, events).putShort(6, (short) 0);
    data.putLong(POLL_FD_BYTES, most.toSeconds()).putLong(16, most.toNanosPart());
    long address = scratch.dataAddress();
    // the kernel writes the rest of the time back, so a call made again waits only for that
    long result = Kernel.call(Syscall.PPOLL, address, 1, address + POLL_FD_BYTES, 0, 0);
    Failures.check(result, Syscall.PPOLL, fd.number(), null);
    return result > 0;
  }
}
