package io.jbuild.linux.syscall;

import java.util.Locale;

/** The system calls that this module makes, with their numbers on x86_64 and aarch64. */
public enum Syscall {
  BPF(321, 280),
  CLONE3(435, 435),
  CLOSE(3, 57),
  CLOSE_RANGE(436, 436),
  DUP3(292, 24),
  EVENTFD2(290, 19),
  FALLOCATE(285, 47),
  FCHMOD(91, 52),
  FCHMODAT(268, 53),
  FCHMODAT2(452, 452),
  FCHOWN(93, 55),
  FCHOWNAT(260, 54),
  FCNTL(72, 25),
  FDATASYNC(75, 83),
  FGETXATTR(193, 10),
  FLISTXATTR(196, 13),
  FLOCK(73, 32),
  FREMOVEXATTR(199, 16),
  FSCONFIG(431, 431),
  FSETXATTR(190, 7),
  FSMOUNT(432, 432),
  FSOPEN(430, 430),
  FSTATFS(138, 44),
  FSYNC(74, 82),
  FTRUNCATE(77, 46),
  GETDENTS64(217, 61),
  GETEGID(108, 177),
  GETEUID(107, 175),
  GETTID(186, 178),
  GETXATTR(191, 8),
  IOCTL(16, 29),
  KILL(62, 129),
  LGETXATTR(192, 9),
  LINKAT(265, 37),
  LISTXATTR(194, 11),
  LLISTXATTR(195, 12),
  LREMOVEXATTR(198, 15),
  LSEEK(8, 62),
  LSETXATTR(189, 6),
  MEMFD_CREATE(319, 279),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  MMAP(9, 222),
  MOUNT(165, 40),
  MOUNT_SETATTR(442, 442),
  MOVE_MOUNT(429, 429),
  MPROTECT(10, 226),
  MUNMAP(11, 215),
  OPEN_TREE(428, 428),
  OPENAT(257, 56),
  OPENAT2(437, 437),
  PIDFD_OPEN(434, 434),
  PIDFD_SEND_SIGNAL(424, 424),
  PIPE2(293, 59),
  PPOLL(271, 73),
  PRCTL(157, 167),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  READ(0, 63),
  READLINKAT(267, 78),
  RECVMSG(47, 212),
  RENAMEAT2(316, 276),
  RT_SIGPROCMASK(14, 135),
  SENDFILE(40, 71),
  SETSOCKOPT(54, 208),
  SHUTDOWN(48, 210),
  SOCKET(41, 198),
  SOCKETPAIR(53, 199),
  STATMOUNT(457, 457),
  STATX(332, 291),
  SYMLINKAT(266, 36),
  SYNCFS(306, 267),
  UMOUNT2(166, 39),
  UNLINKAT(263, 35),
  UTIMENSAT(280, 88),
  WAITID(247, 95),
  WRITE(1, 64);

  private final int x86;
  private final int arm;
  private final int host;

  Syscall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
    this.host = Arch.host().pick(x86, arm);
  }

  /** The number on this machine. */
  public int number() {
    return host;
  }

  /** The number on an architecture. */
  public int number(Arch arch) {
    return arch.pick(x86, arm);
  }

  /** The name as in the manual: {@code openat2}. */
  public String manualName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
