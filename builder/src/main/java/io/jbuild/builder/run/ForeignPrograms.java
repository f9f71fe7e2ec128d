package io.jbuild.builder.run;

import io.jbuild.builder.UserException;
import io.jbuild.isolation.CommandException;
import io.jbuild.isolation.Walls;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Programs for another processor, which the kernel hands to an interpreter that binfmt_misc names.
 * The kernel itself knows best whether it can run one, so nothing is asked before; this tells why
 * it could not.
 */
public final class ForeignPrograms {
  private static final Path HANDLERS = Path.of("/proc/sys/fs/binfmt_misc");

  /** Offset 18 of an ELF file, in hexadecimal: the processor that it is for. */
  private static final int MACHINE_AT = 36;

  private static final Map<String, String> MACHINES =
      Map.ofEntries(
          Map.entry("386", "0300"),
          Map.entry("amd64", "3e00"),
          Map.entry("arm", "2800"),
          Map.entry("arm64", "b700"),
          Map.entry("loong64", "0201"),
          Map.entry("mips", "0008"),
          Map.entry("mipsle", "0800"),
          Map.entry("mips64", "0008"),
          Map.entry("mips64le", "0800"),
          Map.entry("ppc64", "0015"),
          Map.entry("ppc64le", "1500"),
          Map.entry("riscv64", "f300"),
          Map.entry("s390x", "0016"));

  private final Path handlers;
  private final Platform machine;

  private ForeignPrograms(Path handlers, Platform machine) {
    this.handlers = handlers;
    this.machine = machine;
  }

  /** Of this machine. */
  public static ForeignPrograms here() {
    return new ForeignPrograms(HANDLERS, Platform.host());
  }

  static ForeignPrograms of(Path handlers, Platform machine) {
    return new ForeignPrograms(handlers, machine);
  }

  /**
   * What holds a command of this platform back: system calls of 32 bits are for those who need
   * them.
   */
  public Walls walls(Platform image) {
    String narrow = machine.architecture().equals("amd64") ? "386" : "arm";
    return Walls.DEFAULT.withThirtyTwoBit(image.architecture().equals(narrow));
  }

  /**
   * What the user can do about a command that could not be executed; empty where its platform has
   * nothing to do with it.
   */
  public Optional<UserException> explain(CommandException failure, Platform image)
      throws IOException {
    return failure.isUnknownFormat() || failure.isMissing()
        ? explain(failure.isMissing(), image)
        : Optional.empty();
  }

  Optional<UserException> explain(boolean missing, Platform image) throws IOException {
    if (image.architecture().equals(machine.architecture())) {
      return Optional.empty();
    }
    Optional<Handler> handler = handler(image);
    if (!missing && handler.isEmpty()) {
      return Optional.of(
          new UserException(
              "programs for "
                  + image
                  + " do not run on this machine ("
                  + machine
                  + "): binfmt_misc has no handler for them",
              "on Debian: apt-get install qemu-user-static binfmt-support; elsewhere register"
                  + " qemu-user with the flag F in "
                  + HANDLERS));
    }
    if (missing && handler.isPresent() && !handler.get().flags().contains("F")) {
      return Optional.of(
          new UserException(
              "binfmt_misc's handler \""
                  + handler.get().name()
                  + "\" for "
                  + image
                  + " programs looks for "
                  + handler.get().interpreter()
                  + " in the image",
              "register it with the flag F, which opens it outside"));
    }
    return Optional.empty();
  }

  private record Handler(String name, String interpreter, String flags) {}

  /**
   * Where the directory is not mounted none is seen, and the kernel has said that there is none.
   */
  private Optional<Handler> handler(Platform image) throws IOException {
    String machineCode = MACHINES.get(image.architecture());
    if (machineCode == null || !Files.isDirectory(handlers)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(handlers)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.equals("register") && !name.equals("status")) {
          List<String> lines = Files.readAllLines(entry);
          String magic = field(lines, "magic ");
          boolean same = magic.startsWith("7f454c46") && magic.startsWith(machineCode, MACHINE_AT);
          if (same && lines.contains("enabled")) {
            return Optional.of(
                new Handler(name, field(lines, "interpreter "), field(lines, "flags: ")));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String field(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()))
        .findFirst()
        .orElse("");
  }
}
