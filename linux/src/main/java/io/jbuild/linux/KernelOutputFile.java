package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A new regular file of the kernel. */
final class KernelOutputFile implements OutputFile {
  private static final int FLAGS =
      OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;

  private final Fd fd;

  private KernelOutputFile(Fd fd) {
    this.fd = fd;
  }

  /** Made for the owner alone, then given its permissions exactly, which the umask would change. */
  static KernelOutputFile create(int dir, Name name, int permissions) throws LinuxException {
    Fd fd = Opening.at(dir, name, FLAGS, 0600, "O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW");
    try {
      Permissions.set(fd.number(), permissions);
      return new KernelOutputFile(fd);
    } catch (LinuxException e) {
      fd.close();
      throw e;
    }
  }

  @Override
  public FileStat stat() throws IOException {
    Scratch scratch = Scratch.get();
    Failures.check(Stats.self(fd.number(), scratch), Syscall.STATX, fd.number(), null);
    return Stats.parse(scratch);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    FdIo.write(fd.number(), from);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    FdIo.write(fd.number(), from, offset, length);
  }

  /** Which errors mean "not here" is told by ioctl_ficlone(2). */
  @Override
  public boolean cloneFrom(InputFile source) throws IOException {
    long result = KernelInputFile.cloneInto(fd, source);
    switch (Errno.of((int) -result)) {
      case EOPNOTSUPP, ENOTTY, EXDEV, EINVAL, ENOSYS -> {
        return false;
      }
      default -> {
        if (result < 0) {
          throw Failures.of(Syscall.IOCTL, fd.number(), null, "FICLONE of " + source, result);
        }
        return true;
      }
    }
  }

  @Override
  public void copyFrom(InputFile source) throws IOException {
    if (!(source instanceof KernelInputFile kernel)) {
      OutputFile.super.copyFrom(source);
    } else if (source.stat().size() > 0 && !cloneFrom(source)) {
      new HoleCopy(kernel.fd(), fd).run();
    }
  }

  @Override
  public void setOwner(long uid, long gid) throws IOException {
    Ids.setOwner(fd.number(), uid, gid);
  }

  @Override
  public void setPermissions(int permissions) throws IOException {
    Permissions.set(fd.number(), permissions);
  }

  @Override
  public void setTimes(Timestamp modified) throws IOException {
    Times.set(fd.number(), modified);
  }

  @Override
  public void setXattr(String attribute, byte[] value) throws IOException {
    Xattrs.set(fd.number(), null, attribute, value);
  }

  @Override
  public void sync() throws IOException {
    Failures.check(Kernel.call(Syscall.FSYNC, fd.number()), Syscall.FSYNC, fd.number(), null);
  }

  @Override
  public void close() throws IOException {
    fd.closeWritten();
  }
}
