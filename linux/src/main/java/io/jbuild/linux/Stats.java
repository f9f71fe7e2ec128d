package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.ByteBuffer;
import java.util.Optional;

/** statx(2), whose layout is the same on every architecture. */
final class Stats {
  /** STATX_BASIC_STATS without the access time and the blocks, which nobody asks for. */
  private static final int MASK = 0x7ff & ~0x20 & ~0x400;

  /** STATX_BTIME. */
  private static final int BORN = 0x800;

  private static final byte[] EMPTY = {};

  private Stats() {}

  /** Stats an entry; 0 or minus the errno. The answer is in the scratch data: {@link #parse}. */
  static long entry(int dir, byte[] name, Scratch scratch) {
    int flags = OpenFlags.AT_SYMLINK_NOFOLLOW | OpenFlags.AT_NO_AUTOMOUNT;
    return Kernel.call(
        Syscall.STATX, dir, scratch.string(name), flags, MASK, scratch.dataAddress());
  }

  /** Stats a path of the process, symlinks followed. */
  static long path(byte[] path, Scratch scratch) {
    return Kernel.call(
        Syscall.STATX, OpenFlags.AT_FDCWD, scratch.string(path), 0, MASK, scratch.dataAddress());
  }

  static long self(int fd, Scratch scratch) {
    return Kernel.call(
        Syscall.STATX,
        fd,
        scratch.string(EMPTY),
        OpenFlags.AT_EMPTY_PATH,
        MASK,
        scratch.dataAddress());
  }

  /** When an open file was made; 0 or minus the errno. The answer: {@link #parseBorn}. */
  static long born(int fd, Scratch scratch) {
    return Kernel.call(
        Syscall.STATX,
        fd,
        scratch.string(EMPTY),
        OpenFlags.AT_EMPTY_PATH,
        BORN,
        scratch.dataAddress());
  }

  static Optional<Timestamp> parseBorn(Scratch scratch) {
    ByteBuffer x = scratch.data();
    return (x.getInt(0) & BORN) == 0
        ? Optional.empty()
        : Optional.of(new Timestamp(x.getLong(80), x.getInt(88)));
  }

  static FileStat parse(Scratch scratch) {
    ByteBuffer x = scratch.data();
    int mode = x.getShort(28) & 0xffff;
    return new FileStat(
        FileType.ofMode(mode),
        mode & 07777,
        x.getInt(20) & 0xffffffffL,
        x.getInt(24) & 0xffffffffL,
        x.getLong(40),
        new Timestamp(x.getLong(112), x.getInt(120)),
        new Timestamp(x.getLong(96), x.getInt(104)),
        x.getLong(32),
        DeviceNumber.of(x.getInt(136), x.getInt(140)),
        x.getInt(16) & 0xffffffffL,
        DeviceNumber.of(x.getInt(128), x.getInt(132)));
  }
}
