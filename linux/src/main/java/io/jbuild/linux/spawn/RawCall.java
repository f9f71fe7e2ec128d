package io.jbuild.linux.spawn;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;

/** The few calls that spawning itself needs. */
final class RawCall {
  private static final int PIDFD_OPEN = 434;
  private static final int EINTR = 4;

  private static final CallContext THREE_NUMBERS =
      CallContext.getCallContext(
          Type.SINT64,
          new Type[] {Type.SINT64, Type.SINT64, Type.SINT64},
          CallingConvention.DEFAULT,
          true);

  private static final long SYSCALL = symbol("syscall");
  private static final long WAITPID = symbol("waitpid");
  private static final long CLOSE = symbol("close");

  private RawCall() {}

  /** A pidfd of a child that has not been waited for, or a negative errno. */
  static int pidfdOpen(int pid) {
    return (int) call(SYSCALL, PIDFD_OPEN, pid, 0);
  }

  /** Waits for a child that is certain to end, and forgets its status. */
  static void reap(int pid) {
    while (call(WAITPID, pid, 0, 0) == -EINTR) {
      // interrupted by a signal: the child is still to be waited for
    }
  }

  static void close(int fd) {
    call(CLOSE, fd, 0, 0);
  }

  private static long call(long function, long a, long b, long c) {
    long result = Invoker.getInstance().invokeN3(THREE_NUMBERS, function, a, b, c);
    return result == -1 ? -LastError.getInstance().get() : result;
  }

  private static long symbol(String name) {
    long address = Library.getDefault().getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError(name);
    }
    return address;
  }
}
