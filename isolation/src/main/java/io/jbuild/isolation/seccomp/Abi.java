package io.jbuild.isolation.seccomp;

/** A convention for system calls: one kernel may serve several, each with numbers of its own. */
enum Abi {
  X86_64(0xC000003E),
  AARCH64(0xC00000B7),
  I386(0x40000003),
  ARM(0x40000028);

  private final int audit;

  Abi(int audit) {
    this.audit = audit;
  }

  /** The one of 32 bits that a kernel of this one serves as well. */
  Abi narrow() {
    return this == X86_64 || this == I386 ? I386 : ARM;
  }

  /** That of the machine that this runs on. */
  static Abi host() {
    return System.getProperty("os.arch", "").matches("amd64|x86_64") ? X86_64 : AARCH64;
  }

  /** The kernel's AUDIT_ARCH_… number, which the filter sees. */
  int audit() {
    return audit;
  }
}
