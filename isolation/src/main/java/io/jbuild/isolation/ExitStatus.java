package io.jbuild.isolation;

import java.util.OptionalLong;

/** How a sandbox's command ended. */
public sealed interface ExitStatus {
  /** As shells count it: the exit code, or 128 and the signal's number. */
  int code();

  default boolean success() {
    return code() == 0;
  }

  /** The command ended by itself. */
  record Exited(int code) implements ExitStatus {
    @Override
    public String toString() {
      return "exit code " + code;
    }
  }

  /** The command was ended by a signal. */
  record Signalled(int signal) implements ExitStatus {
    @Override
    public int code() {
      return 128 + signal;
    }

    @Override
    public String toString() {
      return "killed by signal " + signal;
    }
  }

  /**
   * The kernel killed a process of the sandbox because memory ran out, and the command failed.
   *
   * @param limitBytes the sandbox's own limit; empty when it was the machine's or an outer one
   */
  record OutOfMemory(OptionalLong limitBytes, ExitStatus end) implements ExitStatus {
    private static final long MIB = 1 << 20;

    @Override
    public int code() {
      return end.code();
    }

    @Override
    public String toString() {
      String limit =
          limitBytes.isEmpty()
              ? "the limit is not the sandbox's own"
              : "limit " + megabytes(limitBytes.getAsLong());
      return "killed: out of memory (" + limit + ")";
    }

    private static String megabytes(long bytes) {
      return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes + " bytes";
    }
  }
}
