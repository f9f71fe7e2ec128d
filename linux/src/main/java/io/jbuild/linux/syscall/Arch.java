package io.jbuild.linux.syscall;

import java.util.Locale;

/** The processor architectures that the numbers and flags are known for. */
public enum Arch {
  X86_64,
  AARCH64;

  private static final Arch HOST = detect(System.getProperty("os.arch", ""));

  /** The architecture that this JVM runs on. */
  public static Arch host() {
    return HOST;
  }

  /** Picks the value of this architecture. */
  public int pick(int x86, int arm) {
    return this == X86_64 ? x86 : arm;
  }

  static Arch detect(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "jbuild runs on x86_64 and aarch64, not on " + name);
    };
  }
}
