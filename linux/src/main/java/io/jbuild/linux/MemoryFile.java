package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;

/** Bytes in memory behind a descriptor: memfd_create(2). */
public final class MemoryFile {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int F_ADD_SEALS = 1033;

  /** F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE. */
  private static final int ALL_SEALS = 0xf;

  private MemoryFile() {}

  /**
   * A file with these contents that nobody, this process included, can change any more.
   *
   * @param name for {@code /proc} only
   */
  public static Fd sealed(Name name, byte[] contents) throws LinuxException {
    long result =
        Kernel.call(
            Syscall.MEMFD_CREATE,
            Scratch.get().string(name.raw()),
            MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (result < 0) {
      throw new LinuxException("memfd_create " + Failures.quote(name), (int) -result);
    }
    Fd fd = Fd.owning((int) result);
    try {
      FdIo.write(fd.number(), contents, 0, contents.length);
      long sealed = Kernel.call(Syscall.FCNTL, fd.number(), F_ADD_SEALS, ALL_SEALS);
      Failures.check(sealed, Syscall.FCNTL, fd.number(), null);
      long rewound = Kernel.call(Syscall.LSEEK, fd.number(), 0, 0);
      Failures.check(rewound, Syscall.LSEEK, fd.number(), null);
      return fd;
    } catch (LinuxException e) {
      fd.close();
      throw e;
    }
  }
}
