package io.jbuild.linux;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * How a process ended and what it used, its own waited-for children included.
 *
 * @param signalled whether a signal ended it
 * @param status the exit code, or the signal's number
 * @param dumpedCore whether the signal left a core dump
 * @param maxResidentBytes the largest resident set of any one process among them
 */
public record ProcessEnd(
    boolean signalled,
    int status,
    boolean dumpedCore,
    Duration userTime,
    Duration systemTime,
    long maxResidentBytes) {

  static final int SI_PID = 16;

  /** Where the struct rusage is put: behind the 128 bytes of siginfo_t. */
  static final int RUSAGE = 128;

  private static final int CLD_EXITED = 1;
  private static final int CLD_DUMPED = 3;

  /** Reads a siginfo_t of SIGCHLD and the rusage behind it; empty where no process is told of. */
  static Optional<ProcessEnd> parse(ByteBuffer data) {
    if (data.getInt(SI_PID) == 0) {
      return Optional.empty();
    }
    int code = data.getInt(8);
    return Optional.of(
        new ProcessEnd(
            code != CLD_EXITED,
            data.getInt(24),
            code == CLD_DUMPED,
            timeval(data, RUSAGE),
            timeval(data, RUSAGE + 16),
            data.getLong(RUSAGE + 32) * 1024));
  }

  private static Duration timeval(ByteBuffer data, int at) {
    return Duration.ofSeconds(data.getLong(at), data.getLong(at + 8) * 1000);
  }
}
