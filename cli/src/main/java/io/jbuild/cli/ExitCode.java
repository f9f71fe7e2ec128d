package io.jbuild.cli;

/** What the program's exit codes mean. {@code run} passes its command's own code on. */
final class ExitCode {
  static final int OK = 0;

  /** The command was understood and could not be done. */
  static final int FAILED = 1;

  /** The command line itself is wrong. */
  static final int USAGE = 2;

  private ExitCode() {}

  /** As shells report a program that a signal ended. */
  static int ofSignal(int signal) {
    return 128 + signal;
  }
}
