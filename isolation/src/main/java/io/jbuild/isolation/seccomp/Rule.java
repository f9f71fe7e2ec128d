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
  /** Allowed for the personalities that programs need. */
  PERSONALITY
}
