package io.jbuild.isolation.seccomp;

/** A convention for system calls: one kernel may serve several, each with numbers of its own. */
enum Abi {
  X86_64(0xC000003E),
  AARCH64(0xC00000B7),
  I386(0x40000003);

  private final int audit;

  Abi(int audit) {
    this.audit = audit;
  }

  /** The kernel's AUDIT_ARCH_… number, which the filter sees. */
  int audit() {
    return audit;
  }
}
