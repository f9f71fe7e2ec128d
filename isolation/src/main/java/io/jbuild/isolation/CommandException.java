package io.jbuild.isolation;

import io.jbuild.linux.Errno;
import java.io.IOException;
import java.io.Serial;

/** A sandbox that was ready, and a command that could not be executed in it. */
public final class CommandException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;

  private final int code;
  private final boolean unknownFormat;

  CommandException(String program, String path, Errno errno, Throwable cause) {
    super("exec \"" + program + "\": " + describe(program, path, errno), cause);
    code = isMissing(errno) ? NOT_FOUND : NOT_EXECUTABLE;
    unknownFormat = errno == Errno.ENOEXEC;
  }

  private static boolean isMissing(Errno errno) {
    return errno == Errno.ENOENT || errno == Errno.ENOTDIR;
  }

  private static String describe(String program, String path, Errno errno) {
    if (isMissing(errno)) {
      return program.indexOf('/') >= 0
          ? "there is no such program, or its interpreter is missing"
          : "there is no such program in PATH (" + path + ")";
    }
    return switch (errno) {
      case EACCES -> "it may not be executed";
      case ENOEXEC -> "it is not a program for this machine, nor a script with an interpreter";
      default -> errno + " (" + errno.text() + ")";
    };
  }

  /** The code that a shell would end with: 127 where nothing was found, else 126. */
  public int code() {
    return code;
  }

  /** Whether the program, or what it needs to run, was not there. */
  public boolean isMissing() {
    return code == NOT_FOUND;
  }

  /** Whether the kernel has nothing that runs a program of this kind. */
  public boolean isUnknownFormat() {
    return unknownFormat;
  }
}
