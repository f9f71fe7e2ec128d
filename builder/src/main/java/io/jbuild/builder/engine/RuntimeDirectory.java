package io.jbuild.builder.engine;

import io.jbuild.linux.Self;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Where locks and registers of what runs are kept: on a file system that a restart empties. */
final class RuntimeDirectory {
  private RuntimeDirectory() {}

  /**
   * A user's own place is for that user; root inside of a user namespace has no other.
   *
   * @param store has it where there is no better place
   */
  static Path of(Path store) {
    return of(store, Path.of("/run"), System.getenv().getOrDefault("XDG_RUNTIME_DIR", ""));
  }

  static Path of(Path store, Path machine, String user) {
    if (Files.isWritable(machine)) {
      return machine.resolve("jbuild");
    }
    return user.startsWith("/") && isOurs(Path.of(user))
        ? Path.of(user, "jbuild")
        : store.resolve("run");
  }

  /** In a place where others may write, one of them could have made the directory before us. */
  private static boolean isOurs(Path place) {
    try {
      long owner = ((Number) Files.getAttribute(place, "unix:uid")).longValue() & 0xffffffffL;
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(place);
      return Files.isDirectory(place)
          && Files.isWritable(place)
          && owner == Self.effectiveUid()
          && !permissions.contains(PosixFilePermission.GROUP_WRITE)
          && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException e) {
      return false; // not there, or not to be looked at: then it is no place for us
    }
  }
}
