package io.jbuild.builder.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * When what was discarded is deleted. Not at once: for minutes after a mass deletion ext4 creates
 * files up to fourteen times slower, and the next build would pay for it. And not never: when it is
 * old, or when the disk needs the room.
 */
public final class TrashPolicy {
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** Less than this part of the file system free is little. */
  private static final int PART_FREE = 10;

  private TrashPolicy() {}

  /** Deletes what was discarded if it is time to; calls no native code otherwise. */
  public static void apply(Stores stores) throws IOException {
    Path trash = stores.root().trash();
    if (isDue(trash)) {
      int unused = stores.layers().emptyTrash();
    }
  }

  private static boolean isDue(Path trash) throws IOException {
    Instant old = Instant.now().minus(KEPT);
    boolean any = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(trash)) {
      for (Path entry : entries) {
        any = true;
        if (discarded(entry).isBefore(old)) {
          return true;
        }
      }
    }
    return any && isNearlyFull(trash);
  }

  /** The rename into the trash was the last change of its attributes. */
  private static Instant discarded(Path entry) throws IOException {
    try {
      return ((FileTime) Files.getAttribute(entry, "unix:ctime")).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.now(); // somebody deletes it right now
    }
  }

  private static boolean isNearlyFull(Path directory) throws IOException {
    FileStore disk = Files.getFileStore(directory);
    return disk.getUsableSpace() < disk.getTotalSpace() / PART_FREE;
  }
}
