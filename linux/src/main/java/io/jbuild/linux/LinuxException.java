package io.jbuild.linux;

import java.io.IOException;
import java.io.Serial;

/**
 * A system call that failed. The message names the call, its operands and the error: {@code openat2
 * "etc/x" in "/root" (O_PATH|O_NOFOLLOW): ENOENT (no such file or directory)}.
 */
public final class LinuxException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final String operation;
  private final int number;
  private final String detail;

  /**
   * @param operation call, quoted operands and flags by name
   */
  public LinuxException(String operation, Errno errno) {
    this(operation, errno.number());
  }

  /**
   * @param number the errno as a positive number
   */
  public LinuxException(String operation, int number) {
    this(operation, number, "");
  }

  /**
   * @param detail what is known beyond the errno, such as the kernel's own words, or empty
   */
  public LinuxException(String operation, int number, String detail) {
    this.operation = operation;
    this.number = number;
    this.detail = detail;
  }

  /** {@code ENOENT (no such file or directory)}, or {@code errno 4711}. */
  public static String describe(int number) {
    Errno errno = Errno.of(number);
    return errno == Errno.UNKNOWN ? "errno " + number : errno + " (" + errno.text() + ")";
  }

  @Override
  public String getMessage() {
    return operation + ": " + describe(number) + (detail.isEmpty() ? "" : ": " + detail);
  }

  public Errno errno() {
    return Errno.of(number);
  }

  /** The number, also where {@link #errno()} is {@link Errno#UNKNOWN}. */
  public int number() {
    return number;
  }

  /** The message up to the errno: call, operands, flags. */
  public String operation() {
    return operation;
  }
}
