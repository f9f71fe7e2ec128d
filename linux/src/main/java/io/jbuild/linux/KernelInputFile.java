package io.jbuild.linux;

import static io.jbuild.linux.OpenFlags.CLOEXEC;
import static io.jbuild.linux.OpenFlags.NOCTTY;
import static io.jbuild.linux.OpenFlags.NOFOLLOW;
import static io.jbuild.linux.OpenFlags.NONBLOCK;
import static io.jbuild.linux.OpenFlags.PATH;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SortedMap;

/** An open regular file of the kernel. */
final class KernelInputFile implements InputFile {
  private final Fd fd;
  private final FileStat opened;

  private KernelInputFile(Fd fd, FileStat opened) {
    this.fd = fd;
    this.opened = opened;
  }

  /**
   * Takes hold of the file without opening it (O_PATH), looks at it, and opens it through the
   * descriptor's magic link only when it is a regular file. To open a device just to find out what
   * it is would already have its effect: a tape rewinds, a watchdog starts.
   */
  static KernelInputFile open(int dir, Name name) throws LinuxException {
    try (Fd held = Opening.at(dir, name, PATH | NOFOLLOW, 0, "O_PATH|O_NOFOLLOW")) {
      Scratch scratch = Scratch.get();
      Failures.check(Stats.self(held.number(), scratch), Syscall.STATX, dir, name);
      FileStat stat = Stats.parse(scratch);
      requireRegular(stat, dir, name);
      long path = scratch.procPath(held.number(), new byte[0]);
      int flags = NONBLOCK | NOCTTY | CLOEXEC;
      long opened = Kernel.call(Syscall.OPENAT, OpenFlags.AT_FDCWD, path, flags);
      if (opened < 0) {
        throw Failures.of(Syscall.OPENAT, dir, name, "O_RDONLY|O_NONBLOCK", opened);
      }
      return new KernelInputFile(Fd.owning((int) opened), stat);
    }
  }

  private static void requireRegular(FileStat stat, int dir, Name name) throws LinuxException {
    if (stat.isSymlink()) {
      throw Failures.of(Syscall.OPENAT, dir, name, "O_RDONLY|O_NOFOLLOW", -Errno.ELOOP.number());
    }
    if (!stat.isRegular()) {
      throw new LinuxException(
          "read " + Failures.operand(dir, name),
          Errno.EINVAL.number(),
          "not a regular file but a " + stat.type());
    }
  }

  Fd fd() {
    return fd;
  }

  /** As it was when the file was opened, which is also when it was checked. */
  @Override
  public FileStat stat() {
    return opened;
  }

  @Override
  public FileStat statNow() throws IOException {
    Scratch scratch = Scratch.get();
    Failures.check(Stats.self(fd.number(), scratch), Syscall.STATX, fd.number(), null);
    return Stats.parse(scratch);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return FdIo.read(fd.number(), into);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    return FdIo.read(fd.number(), into, offset, length);
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return Xattrs.all(fd.number(), null);
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return fd.isOpen() ? Failures.place(fd.number()) : "closed file";
  }

  static long cloneInto(Fd target, InputFile source) {
    if (source instanceof KernelInputFile kernel) {
      return Kernel.call(Syscall.IOCTL, target.number(), FdIo.FICLONE, kernel.fd.number());
    }
    throw new IllegalArgumentException("not a file of the kernel's: " + source);
  }
}
