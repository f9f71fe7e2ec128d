package io.jbuild.builder.libs;

import java.util.List;
import java.util.Optional;

/**
 * What the loader reads of an ELF file.
 *
 * @param interpreter the loader's path (PT_INTERP), only of programs
 * @param needed library names (DT_NEEDED) in their order
 * @param rpath DT_RPATH, searched before everything and for the libraries' own needs too
 * @param runpath DT_RUNPATH, searched for this file's own needs alone; where it is, rpath is
 *     ignored
 * @param defaultDirs false when linked with {@code -z nodefaultlib}
 */
record ElfFile(
    Kind kind,
    Optional<String> interpreter,
    List<String> needed,
    List<String> rpath,
    List<String> runpath,
    boolean defaultDirs) {

  /** What has to be equal for a library to be usable by a program. */
  record Kind(int machine, int bits, boolean littleEndian) {
    @Override
    public String toString() {
      return bits + "-bit " + ElfMachine.name(machine);
    }
  }

  ElfFile {
    needed = List.copyOf(needed);
    rpath = runpath.isEmpty() ? List.copyOf(rpath) : List.of();
    runpath = List.copyOf(runpath);
  }
}
