package io.jbuild.layers;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where discarded trees wait. Deleting thousands of files makes ext4 slow to create others for
 * minutes, so that a build only renames; whoever has time empties it.
 */
final class Trash {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;
  private final Path lock;

  Trash(Path directory, Path lock) {
    this.directory = directory;
    this.lock = lock;
  }

  static String randomName(String prefix) {
    byte[] bytes = new byte[12];
    RANDOM.nextBytes(bytes);
    return prefix + HexFormat.of().formatHex(bytes);
  }

  void take(Path tree) throws IOException {
    Files.move(tree, directory.resolve(randomName("")), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes what is there; returns at once if another process is doing that. */
  int empty() throws IOException {
    Optional<LockFile> locked = LockFile.tryLock(lock, LockFile.Mode.EXCLUSIVE);
    if (locked.isEmpty()) {
      return 0;
    }
    int removed = 0;
    LockFile held = locked.get();
    try (held;
        KernelDir dir = KernelDir.open(directory)) {
      for (Name name : dir.list()) {
        dir.removeTree(name);
        removed++;
      }
    }
    return removed;
  }
}
