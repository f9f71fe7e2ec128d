package io.jbuild.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** By what means sandboxes are made; the same spec means the same under each, or is refused. */
public sealed interface Mechanism {
  /** Namespaces and control groups, made by jbuild itself. */
  static Mechanism namespaces() {
    return new Namespaces();
  }

  /** Nothing but chroot(2), for containers that may not make namespaces. */
  static Mechanism chroot() {
    return new Chroot();
  }

  /**
   * The walls that a sandbox of this kind lacks, as a line for the user; empty where it has all.
   */
  default Optional<String> missingWalls() {
    return Optional.empty();
  }

  /** See {@link #namespaces}. */
  record Namespaces() implements Mechanism {}

  /**
   * A program that runs OCI bundles: runc, crun, youki.
   *
   * @param program executable
   * @param flags given to it before its command
   */
  record OciRuntime(Path program, List<String> flags) implements Mechanism {
    public OciRuntime {
      flags = List.copyOf(flags);
    }

    /** By its path, or by its name in this process's PATH. */
    public static OciRuntime find(String name, List<String> flags) throws IOException {
      if (name.indexOf('/') >= 0) {
        Path path = Path.of(name).toAbsolutePath();
        requireProgram(name, path);
        return new OciRuntime(path, flags);
      }
      String search = Optional.ofNullable(System.getenv("PATH")).orElse("");
      for (String directory : search.split(":", -1)) {
        Path path = Path.of(directory, name).toAbsolutePath();
        if (!name.isEmpty() && Files.isRegularFile(path) && Files.isExecutable(path)) {
          return new OciRuntime(path, flags);
        }
      }
      throw new IOException(
          "there is no runtime \""
              + name
              + "\" in PATH ("
              + search
              + "): install it, or give a path");
    }

    private static void requireProgram(String name, Path path) throws IOException {
      if (!Files.exists(path)) {
        throw new IOException("there is no runtime \"" + name + "\"");
      }
      if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
        throw new IOException("the runtime \"" + name + "\" is not an executable file");
      }
    }

    /** The program's name: {@code runc}. */
    @Override
    public String toString() {
      return String.valueOf(program.getFileName());
    }
  }

  /** See {@link #chroot}. */
  record Chroot() implements Mechanism {
    @Override
    public Optional<String> missingWalls() {
      return Optional.of(
          "walls: chroot only (no namespaces: processes, network, IPC and host name are those"
              + " outside; no limits; no /proc and /sys)");
    }
  }
}
