package io.jbuild.linux.spawn;

import java.util.Locale;

/** The machine architectures that the spawn function is written for. */
public enum Architecture {
  X86_64,
  AARCH64;

  /** Of the running JVM; a JVM elsewhere cannot start sandboxes and is told so by name. */
  public static Architecture host() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "no sandbox on architecture \"" + name + "\": x86_64 and aarch64 are supported");
    };
  }

  /** The number of clone, the older call that also works where a seccomp filter refuses clone3. */
  int cloneNumber() {
    return this == X86_64 ? 56 : 220;
  }

  String fileName() {
    return "spawn_" + name().toLowerCase(Locale.ROOT) + ".bin";
  }
}
