package io.jbuild.builder.libs;

import java.util.List;
import java.util.Map;

/**
 * The processors by their ELF numbers, with the directory names that distributions use for them.
 */
final class ElfMachine {
  private record Known(String name, String debian32, String debian64) {}

  private static final Map<Integer, Known> KNOWN =
      Map.of(
          3, new Known("i386", "i386-linux-gnu", ""),
          8, new Known("mips", "mipsel-linux-gnu", "mips64el-linux-gnuabi64"),
          20, new Known("ppc", "powerpc-linux-gnu", ""),
          21, new Known("ppc64", "", "powerpc64le-linux-gnu"),
          22, new Known("s390", "", "s390x-linux-gnu"),
          40, new Known("arm", "arm-linux-gnueabihf", ""),
          62, new Known("x86-64", "x86_64-linux-gnux32", "x86_64-linux-gnu"),
          183, new Known("aarch64", "", "aarch64-linux-gnu"),
          243, new Known("riscv", "riscv32-linux-gnu", "riscv64-linux-gnu"),
          258, new Known("loongarch", "", "loongarch64-linux-gnu"));

  private ElfMachine() {}

  static String name(int machine) {
    Known known = KNOWN.get(machine);
    return known == null ? "machine " + machine : known.name();
  }

  /** The directories that a glibc searches last, those of all distributions together. */
  static List<String> defaultDirs(ElfFile.Kind kind) {
    Known known = KNOWN.get(kind.machine());
    String multiarch = known == null ? "" : kind.bits() == 64 ? known.debian64() : known.debian32();
    List<String> plain =
        kind.bits() == 64
            ? List.of("/lib64", "/usr/lib64", "/lib", "/usr/lib")
            : List.of("/lib", "/usr/lib", "/lib32", "/usr/lib32");
    if (multiarch.isEmpty()) {
      return plain;
    }
    List<String> dirs = new java.util.ArrayList<>();
    dirs.add("/lib/" + multiarch);
    dirs.add("/usr/lib/" + multiarch);
    dirs.addAll(plain);
    return List.copyOf(dirs);
  }

  /** What {@code $LIB} may stand for: it is compiled into each distribution's loader. */
  static List<String> libNames(ElfFile.Kind kind) {
    List<String> names = new java.util.ArrayList<>();
    for (String dir : defaultDirs(kind)) {
      if (dir.startsWith("/lib")) {
        names.add(dir.substring(1));
      }
    }
    return List.copyOf(names);
  }
}
