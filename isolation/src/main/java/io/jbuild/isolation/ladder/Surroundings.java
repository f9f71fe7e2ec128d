package io.jbuild.isolation.ladder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What is looked at beside the kernel.
 *
 * @param store where the store is or will be
 * @param searchPath PATH, for the programs that help
 * @param etc the directory of {@code subuid}, {@code passwd} and {@code os-release}
 * @param chooser chooses as a build does
 */
public record Surroundings(Path store, String searchPath, Path etc, Chooser chooser) {
  private static final String DEFAULT_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

  /** Those of this process. */
  public static Surroundings of(Path store, Map<String, String> environment, Chooser chooser) {
    return new Surroundings(
        store.toAbsolutePath(),
        environment.getOrDefault("PATH", DEFAULT_PATH),
        Path.of("/etc"),
        chooser);
  }

  /** A program of PATH. */
  Optional<Path> program(String name) {
    return Arrays.stream(searchPath.split(":", -1))
        .filter(directory -> directory.startsWith("/") && directory.indexOf('\0') < 0)
        .map(directory -> Path.of(directory, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** By {@code passwd}; the number for who is not in there. */
  static String userName(Path etc, long uid) {
    for (String line : text(etc.resolve("passwd")).orElse("").split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && fields[2].equals(Long.toString(uid))) {
        return fields[0];
      }
    }
    return Long.toString(uid);
  }

  /** A small file of the kernel's without its newline; empty where it cannot be read. */
  static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
