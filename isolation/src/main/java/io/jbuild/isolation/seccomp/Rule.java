package io.jbuild.isolation.seccomp;

/** What the filter does about one call. */
enum Rule {
  ALLOW,
  /** EPERM: the call is known, and not for a sandbox. */
  DENY,
  /** ENOSYS: as if the kernel did not have it. */
  ABSENT,
  /** Allowed unless a namespace is asked for. */
  CLONE,
  /** Allowed but for families that reach past the network namespace. */
  SOCKET,
  /** As SOCKET, and the kernel's audit is not there for those who may not write to it. */
  SOCKET_NO_AUDIT,
  /** Allowed for the personalities that programs need. */
  PERSONALITY
}
