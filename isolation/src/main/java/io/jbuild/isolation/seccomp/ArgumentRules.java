package io.jbuild.isolation.seccomp;

import static io.jbuild.isolation.seccomp.FilterProgram.ALLOW;
import static io.jbuild.isolation.seccomp.FilterProgram.ifAtLeast;
import static io.jbuild.isolation.seccomp.FilterProgram.ifEqual;
import static io.jbuild.isolation.seccomp.FilterProgram.loading;
import static io.jbuild.isolation.seccomp.FilterProgram.masking;
import static io.jbuild.isolation.seccomp.FilterProgram.returning;
import static io.jbuild.isolation.seccomp.FilterProgram.returningErrno;

import io.jbuild.linux.Errno;
import java.util.List;
import java.util.stream.IntStream;

/** The rules that look at a call's first argument; its low half is all that the kernel reads. */
final class ArgumentRules {
  private static final int FIRST_ARGUMENT = 16;
  private static final int THIRD_ARGUMENT = 32;

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
  static final int NAMESPACES = 0x7E020000;

  /** The kernel's cryptography, a wide surface that no build needs. */
  private static final int AF_ALG = 38;

  /** Sockets to a hypervisor, which know no network namespaces. */
  private static final int AF_VSOCK = 40;

  /** One more than the newest family that is known, AF_MCTP. */
  private static final int FAMILIES = 46;

  /** The families of sockets that there are. */
  static final List<Integer> ALLOWED_FAMILIES =
      IntStream.range(0, FAMILIES)
          .filter(family -> family != AF_ALG && family != AF_VSOCK)
          .boxed()
          .toList();

  private static final int EAFNOSUPPORT = 97;
  private static final int AF_NETLINK = 16;

  /**
   * libaudit takes EINVAL for a kernel without audit; where the socket can be had but nothing may
   * be sent, sudo, login and useradd fail.
   */
  private static final int NETLINK_AUDIT = 9;

  /** PER_LINUX, PER_LINUX32, both with UNAME26, and the question what it is. */
  static final List<Integer> PERSONALITIES = List.of(0, 8, 0x20000, 0x20008, -1);

  private ArgumentRules() {}

  static FilterProgram of(Rule rule) {
    return switch (rule) {
      case ALLOW -> returning(ALLOW);
      case DENY -> denied();
      case ABSENT -> returningErrno(Errno.ENOSYS.number());
      case CLONE ->
          loading(FIRST_ARGUMENT)
              .then(masking(NAMESPACES))
              .then(ifEqual(0, returning(ALLOW), denied()));
      case SOCKET -> sockets(returning(ALLOW));
      case SOCKET_NO_AUDIT ->
          sockets(
              loading(THIRD_ARGUMENT)
                  .then(
                      ifEqual(
                          NETLINK_AUDIT, returningErrno(Errno.EINVAL.number()), returning(ALLOW))));
      case PERSONALITY ->
          loading(FIRST_ARGUMENT).then(oneOf(PERSONALITIES, returning(ALLOW), denied()));
    };
  }

  private static FilterProgram sockets(FilterProgram netlink) {
    FilterProgram known = ifEqual(AF_NETLINK, netlink, returning(ALLOW));
    FilterProgram allowed = ifEqual(AF_ALG, denied(), ifEqual(AF_VSOCK, denied(), known));
    FilterProgram newer = returningErrno(EAFNOSUPPORT);
    return loading(FIRST_ARGUMENT).then(ifAtLeast(FAMILIES, newer, allowed));
  }

  private static FilterProgram oneOf(
      List<Integer> values, FilterProgram then, FilterProgram otherwise) {
    FilterProgram program = otherwise;
    for (int value : values) {
      program = ifEqual(value, then, program);
    }
    return program;
  }

  private static FilterProgram denied() {
    return returningErrno(Errno.EPERM.number());
  }
}
