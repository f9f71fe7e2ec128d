package io.jbuild.builder.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where locks and registers of what runs are kept: on a file system that a restart empties. */
final class RuntimeDirectory {
  private RuntimeDirectory() {}

  /**
   * A user's own place is for that user; root inside of a user namespace has no other.
   *
   * @param store has it where there is no better place
   */
  static Path of(Path store) {
    for (String place : List.of("/run", System.getenv().getOrDefault("XDG_RUNTIME_DIR", ""))) {
      if (place.startsWith("/") && Files.isWritable(Path.of(place))) {
        return Path.of(place, "jbuild");
      }
    }
    return store.resolve("run");
  }
}
