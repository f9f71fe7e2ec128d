package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;

/**
 * Signals kept from the calling thread for a while; closing it, in the same thread, lets them in
 * again.
 */
public final class SignalMask implements Closeable {
  private static final int SIG_BLOCK = 0;
  private static final int SIG_SETMASK = 2;
  private static final int SET_SIZE = 8;

  /**
   * SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV: a JVM thread that blocks its own faults dies of them.
   */
  private static final long FAULTS = bit(4) | bit(5) | bit(7) | bit(8) | bit(11);

  private final Thread owner = Thread.currentThread();
  private final long previous;

  private SignalMask(long previous) {
    this.previous = previous;
  }

  /** Blocks every signal but those that the thread's own faults raise. */
  public static SignalMask blockAll() throws LinuxException {
    return new SignalMask(change(SIG_BLOCK, ~FAULTS));
  }

  /** The calling thread's blocked signals: bit {@code n - 1} for signal {@code n}. */
  public static long current() throws LinuxException {
    return change(SIG_BLOCK, 0);
  }

  /** What was blocked before. */
  public long previous() {
    return previous;
  }

  @Override
  public void close() throws LinuxException {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("signal mask belongs to thread " + owner.getName());
    }
    long unused = change(SIG_SETMASK, previous);
  }

  private static long change(int how, long set) throws LinuxException {
    Scratch scratch = Scratch.get();
    scratch.data().putLong(0, set);
    long address = scratch.dataAddress();
    long result = Kernel.call(Syscall.RT_SIGPROCMASK, how, address, address + SET_SIZE, SET_SIZE);
    if (result < 0) {
      throw new LinuxException("rt_sigprocmask", (int) -result);
    }
    return scratch.data().getLong(SET_SIZE);
  }

  private static long bit(int signal) {
    return 1L << (signal - 1);
  }
}
