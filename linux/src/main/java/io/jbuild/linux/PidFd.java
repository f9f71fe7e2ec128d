package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.time.Duration;
import java.util.Optional;

/** A process held by a descriptor, so that its number cannot become another process's. */
public final class PidFd implements Closeable {
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;

  /** Children of any kind, whatever signal they send when they end. */
  private static final int WALL = 0x40000000;

  private final Fd fd;

  private PidFd(Fd fd) {
    this.fd = fd;
  }

  /** pidfd_open(2); ESRCH where there is no such process. */
  public static PidFd open(int pid) throws LinuxException {
    long result = Kernel.call(Syscall.PIDFD_OPEN, pid, 0);
    if (result < 0) {
      throw new LinuxException("pidfd_open " + pid, (int) -result);
    }
    return new PidFd(Fd.owning((int) result));
  }

  /** Takes over a descriptor that clone3(2) has returned. */
  public static PidFd owning(Fd fd) {
    return new PidFd(fd);
  }

  /** The descriptor, which stays this object's. */
  public Fd fd() {
    return fd;
  }

  /**
   * Sends a signal by number.
   *
   * @return false where the process has ended and been waited for (ESRCH)
   */
  public boolean signal(int signal) throws LinuxException {
    long result = Kernel.call(Syscall.PIDFD_SEND_SIGNAL, fd.number(), signal, 0, 0);
    if (result < 0 && result != -Errno.ESRCH.number()) {
      throw new LinuxException("pidfd_send_signal " + signal, (int) -result);
    }
    return result == 0;
  }

  /** Waits, in native code, until this child of ours has ended, and reaps it. */
  public ProcessEnd waitFor() throws LinuxException {
    return waitid(0).orElseThrow(() -> new IllegalStateException("waitid told of no process"));
  }

  /** How this child of ours ended, or empty while it runs. */
  public Optional<ProcessEnd> poll() throws LinuxException {
    return waitid(WNOHANG);
  }

  /**
   * Waits until the process has ended, ours or not; it may still be there to be reaped.
   *
   * @return false where it lives after that time
   */
  public boolean awaitEnd(Duration most) throws LinuxException {
    return Polling.await(fd, Polling.READABLE, most);
  }

  private Optional<ProcessEnd> waitid(int flags) throws LinuxException {
    Scratch scratch = Scratch.get();
    scratch.data().putInt(ProcessEnd.SI_PID, 0);
    long info = scratch.dataAddress();
    long usage = info + ProcessEnd.RUSAGE;
    long result =
        Kernel.call(Syscall.WAITID, P_PIDFD, fd.number(), info, flags | WEXITED | WALL, usage);
    if (result < 0) {
      throw new LinuxException("waitid (P_PIDFD)", (int) -result);
    }
    return ProcessEnd.parse(scratch.data());
  }

  @Override
  public void close() {
    fd.close();
  }
}
