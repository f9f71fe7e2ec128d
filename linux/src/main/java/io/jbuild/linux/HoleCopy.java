package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;

/** Copies a file inside the kernel, data for data and hole for hole. */
final class HoleCopy {
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int MOST = 1 << 30;

  private final Fd from;
  private final Fd to;
  private boolean inKernel = true;

  HoleCopy(Fd from, Fd to) {
    this.from = from;
    this.to = to;
  }

  void run() throws IOException {
    long end = size();
    long at = 0;
    while (at < end) {
      long data = seek(at, SEEK_DATA);
      if (data < 0) {
        break; // only a hole is left
      }
      long hole = Math.min(seek(data, SEEK_HOLE), end);
      copy(data, hole);
      at = hole;
    }
    check(Kernel.call(Syscall.FTRUNCATE, to.number(), end), Syscall.FTRUNCATE, to);
  }

  private long size() throws LinuxException {
    Scratch scratch = Scratch.get();
    check(Stats.self(from.number(), scratch), Syscall.STATX, from);
    return Stats.parse(scratch).size();
  }

  /** Minus one where no data follows; a file system without holes says that all is data. */
  private long seek(long at, int whence) throws LinuxException {
    long result = Kernel.call(Syscall.LSEEK, from.number(), at, whence);
    if (result == -Errno.ENXIO.number()) {
      return -1;
    }
    check(result, Syscall.LSEEK, from);
    return result;
  }

  private void copy(long begin, long end) throws IOException {
    position(from, begin);
    position(to, begin);
    long at = begin;
    while (at < end) {
      long copied = inKernel ? inKernel(end - at) : -1;
      if (copied < 0) {
        inKernel = false;
        copied = throughMemory(end - at);
      }
      if (copied == 0) {
        return; // it became shorter
      }
      at += copied;
    }
  }

  private static void position(Fd file, long at) throws LinuxException {
    check(Kernel.call(Syscall.LSEEK, file.number(), at, SEEK_SET), Syscall.LSEEK, file);
  }

  /** Minus one where the file systems cannot do that. */
  private long inKernel(long length) throws LinuxException {
    long result =
        Kernel.call(Syscall.SENDFILE, to.number(), from.number(), 0, Math.min(length, MOST));
    if (result == -Errno.EINVAL.number() || result == -Errno.ENOSYS.number()) {
      return -1;
    }
    check(result, Syscall.SENDFILE, to);
    return result;
  }

  private long throughMemory(long length) throws IOException {
    byte[] block = new byte[(int) Math.min(length, 1 << 17)];
    int count = FdIo.read(from.number(), block, 0, block.length);
    if (count <= 0) {
      return 0;
    }
    FdIo.write(to.number(), block, 0, count);
    return count;
  }

  private static void check(long result, Syscall call, Fd file) throws LinuxException {
    Failures.check(result, call, file.number(), null);
  }
}
