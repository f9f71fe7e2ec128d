package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes exceptions of failed calls. Where a descriptor leads is asked from {@code /proc} only then,
 * so that the calls that succeed carry no path around.
 */
final class Failures {
  private Failures() {}

  static void check(long result, Syscall call, int fd, @Nullable Name name) throws LinuxException {
    if (result < 0) {
      throw of(call, fd, name, "", result);
    }
  }

  /** {@code mkdirat "x" in "/root" (0755): EEXIST (…)}; details may be empty. */
  static LinuxException of(Syscall call, int fd, @Nullable Name name, String details, long result) {
    String suffix = details.isEmpty() ? "" : " (" + details + ")";
    return new LinuxException(call.manualName() + " " + operand(fd, name) + suffix, (int) -result);
  }

  /** {@code lsetxattr "user.x" of "f" in "/root": ENOSPC (…)}. */
  static LinuxException of(
      Syscall call, String attribute, int fd, @Nullable Name name, long result) {
    return new LinuxException(
        call.manualName() + " " + quote(attribute) + " of " + operand(fd, name), (int) -result);
  }

  static String operand(int fd, @Nullable Name name) {
    return name == null ? place(fd) : quote(name) + " in " + place(fd);
  }

  static String quote(Object printable) {
    return "\"" + printable + '"';
  }

  /** Where an open file is now, as far as this process can see it. */
  static String place(int fd) {
    Scratch scratch = Scratch.get();
    long length =
        Kernel.call(
            Syscall.READLINKAT,
            OpenFlags.AT_FDCWD,
            scratch.procPath(fd, new byte[0]),
            scratch.dataAddress(),
            4096);
    return length < 0 ? "fd " + fd : quote(Printable.of(scratch.copy((int) length)));
  }

  static String octal(int permissions) {
    return String.format(Locale.ROOT, "%04o", permissions);
  }
}
