package io.jbuild.linux.spawn;

import io.jbuild.linux.syscall.Arch;
import java.util.Locale;

/** The system calls that a program may contain, with their numbers on both architectures. */
public enum Syscall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  DUP3(292, 24),
  FCNTL(72, 25),
  OPENAT(257, 56),
  OPENAT2(437, 437),
  MKDIRAT(258, 34),
  SYMLINKAT(266, 36),
  MKNODAT(259, 33),
  FCHDIR(81, 50),
  CHDIR(80, 49),
  CHROOT(161, 51),
  GETCWD(79, 17),
  FCHMOD(91, 52),
  FCHOWNAT(260, 54),
  PPOLL(271, 73),
  UMASK(95, 166),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  PIVOT_ROOT(155, 41),
  MOVE_MOUNT(429, 429),
  OPEN_TREE(428, 428),
  MOUNT_SETATTR(442, 442),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  SOCKET(41, 198),
  SENDMSG(46, 211),
  RECVFROM(45, 207),
  IOCTL(16, 29),
  SETSID(112, 157),
  SETGROUPS(116, 159),
  SETRESGID(119, 149),
  SETRESUID(117, 147),
  PRLIMIT64(302, 261),
  SETHOSTNAME(170, 161),
  PRCTL(157, 167),
  PERSONALITY(135, 92),
  CAPSET(126, 91),
  KEYCTL(250, 219),
  SECCOMP(317, 277),
  UNSHARE(272, 97),
  RT_SIGACTION(13, 134),
  RT_SIGPROCMASK(14, 135),
  CLOSE_RANGE(436, 436),
  PIDFD_OPEN(434, 434),
  EXECVE(59, 221),
  EXECVEAT(322, 281),
  EXIT_GROUP(231, 94);

  private final int x86;
  private final int arm;

  Syscall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  int number(Arch architecture) {
    return architecture.pick(x86, arm);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
