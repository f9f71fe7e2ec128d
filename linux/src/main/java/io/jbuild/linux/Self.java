package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process and the kernel that it runs on. */
public final class Self {
  private static final int SET_CHILD_SUBREAPER = 36;

  private Self() {}

  public static long effectiveUid() {
    return Kernel.call(Syscall.GETEUID);
  }

  /** Whether the effective user is number 0, in whatever user namespace this is. */
  public static boolean isRoot() {
    return effectiveUid() == 0;
  }

  /** Sends a signal to a process that this one knows to be alive; better by {@link PidFd}. */
  public static void kill(int pid, int signal) throws LinuxException {
    long result = Kernel.call(Syscall.KILL, pid, signal);
    if (result < 0) {
      throw new LinuxException("kill " + pid + " with " + signal, (int) -result);
    }
  }

  /**
   * Has the kernel give this process, instead of number 1, the descendants whose parents have ended
   * (PR_SET_CHILD_SUBREAPER).
   */
  public static void adoptOrphans() throws LinuxException {
    long result = Kernel.call(Syscall.PRCTL, SET_CHILD_SUBREAPER, 1);
    if (result < 0) {
      throw new LinuxException("prctl (PR_SET_CHILD_SUBREAPER)", (int) -result);
    }
  }

  /** Whether the running kernel is this release or a later one. */
  public static boolean kernelIsAtLeast(int major, int minor) throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).trim();
    String[] parts = release.split("[^0-9]+", 3);
    int actualMajor = Integer.parseInt(parts[0]);
    int actualMinor = Integer.parseInt(parts[1]);
    return actualMajor > major || (actualMajor == major && actualMinor >= minor);
  }
}
