package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor and the duty to close it. Closing twice is safe; asking for the number
 * after that is a bug, because by then the number may be another file's.
 */
public final class Fd implements Closeable {
  private static final int CLOSED = -1;
  private static final int DUPLICATE_CLOEXEC = 1030;

  private final AtomicInteger number;

  private Fd(int number) {
    this.number = new AtomicInteger(number);
  }

  /** Takes over a descriptor that the kernel has just returned. */
  public static Fd owning(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("not a file descriptor: " + number);
    }
    return new Fd(number);
  }

  public int number() {
    int open = number.get();
    if (open == CLOSED) {
      throw new IllegalStateException("file descriptor is closed");
    }
    return open;
  }

  public boolean isOpen() {
    return number.get() != CLOSED;
  }

  /** Another descriptor of the same open file, closed on exec. The caller closes it. */
  public Fd duplicate() throws LinuxException {
    long result = Kernel.call(Syscall.FCNTL, number(), DUPLICATE_CLOEXEC, 0);
    if (result < 0) {
      throw new LinuxException("fcntl " + this + " (F_DUPFD_CLOEXEC)", (int) -result);
    }
    return owning((int) result);
  }

  /** Gives the descriptor away: this object is closed, the descriptor stays open. */
  public int release() {
    int open = number();
    if (!number.compareAndSet(open, CLOSED)) {
      throw new IllegalStateException("file descriptor is closed");
    }
    return open;
  }

  /**
   * Closes the descriptor. close(2) frees it even when it reports an error, and only for a file
   * that was written can that matter: see {@link #closeWritten}.
   */
  @Override
  public void close() {
    long unused = tryClose();
  }

  /**
   * Closes a descriptor that was written to. Some file systems tell only now that what was written
   * did not fit (NFS, quotas).
   */
  void closeWritten() throws LinuxException {
    long result = tryClose();
    if (result < 0 && result != -Errno.EINTR.number()) {
      throw new LinuxException("close", (int) -result);
    }
  }

  private long tryClose() {
    int open = number.getAndSet(CLOSED);
    return open == CLOSED ? 0 : Kernel.callOnce(Syscall.CLOSE, open, 0, 0, 0, 0);
  }

  /** Where it leads, as {@code /proc} tells: {@code "/tmp/x"}, {@code "pipe:[4711]"}. */
  @Override
  public String toString() {
    int open = number.get();
    return open == CLOSED ? "fd (closed)" : Failures.place(open);
  }
}
