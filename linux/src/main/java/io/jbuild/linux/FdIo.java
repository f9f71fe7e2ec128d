package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** read(2) and write(2). */
final class FdIo {
  static final int FICLONE = 0x40049409;

  private FdIo() {}

  /** Reads into the remaining bytes; -1 at the end, 0 only when nothing remains. */
  static int read(int fd, ByteBuffer into) throws LinuxException {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (into.isDirect()) {
      long result = direct(Syscall.READ, fd, into);
      return result == 0 ? -1 : (int) result;
    }
    Scratch scratch = Scratch.get();
    int length = readScratch(fd, scratch, into.remaining());
    if (length > 0) {
      into.put(scratch.data().limit(length));
    }
    return length;
  }

  static int read(int fd, byte[] into, int offset, int length) throws LinuxException {
    if (length == 0) {
      return 0;
    }
    Scratch scratch = Scratch.get();
    int got = readScratch(fd, scratch, length);
    if (got > 0) {
      scratch.data().get(into, offset, got);
    }
    return got;
  }

  private static int readScratch(int fd, Scratch scratch, int most) throws LinuxException {
    int length = Math.min(most, Scratch.DATA_SIZE);
    long result = Kernel.call(Syscall.READ, fd, scratch.dataAddress(), length);
    Failures.check(result, Syscall.READ, fd, null);
    return result == 0 ? -1 : (int) result;
  }

  /** Writes all remaining bytes. */
  static void write(int fd, ByteBuffer from) throws LinuxException {
    while (from.hasRemaining() && from.isDirect()) {
      long unused = direct(Syscall.WRITE, fd, from);
    }
    while (from.hasRemaining()) {
      Scratch scratch = Scratch.get();
      int length = Math.min(from.remaining(), Scratch.DATA_SIZE);
      scratch.data().put(0, from, from.position(), length);
      from.position(from.position() + writeScratch(fd, scratch, length));
    }
  }

  static void write(int fd, byte[] from, int offset, int length) throws LinuxException {
    Scratch scratch = Scratch.get();
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, Scratch.DATA_SIZE);
      scratch.data().put(from, offset + done, part);
      done += writeScratch(fd, scratch, part);
    }
  }

  private static int writeScratch(int fd, Scratch scratch, int length) throws LinuxException {
    long result = Kernel.call(Syscall.WRITE, fd, scratch.dataAddress(), length);
    Failures.check(result, Syscall.WRITE, fd, null);
    return (int) result;
  }

  private static long direct(Syscall call, int fd, ByteBuffer buffer) throws LinuxException {
    try {
      long address = Scratch.address(buffer) + buffer.position();
      long result = Kernel.call(call, fd, address, buffer.remaining());
      Failures.check(result, call, fd, null);
      buffer.position(buffer.position() + (int) result);
      return result;
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }
}
