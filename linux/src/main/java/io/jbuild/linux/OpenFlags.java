package io.jbuild.linux;

import io.jbuild.linux.syscall.Arch;

/** Flags of open(2) and the {@code *at} calls; some differ between architectures. */
final class OpenFlags {
  static final int RDONLY = 0;
  static final int WRONLY = 01;
  static final int CREAT = 0100;
  static final int EXCL = 0200;
  static final int NOCTTY = 0400;
  static final int NONBLOCK = 04000;
  static final int CLOEXEC = 02000000;
  static final int PATH = 010000000;
  static final int DIRECTORY = Arch.host().pick(0200000, 040000);
  static final int NOFOLLOW = Arch.host().pick(0400000, 0100000);

  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_NO_AUTOMOUNT = 0x800;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int RESOLVE_NO_XDEV = 0x01;
  static final int RESOLVE_NO_MAGICLINKS = 0x02;
  static final int RESOLVE_NO_SYMLINKS = 0x04;
  static final int RESOLVE_IN_ROOT = 0x10;

  private OpenFlags() {}
}
