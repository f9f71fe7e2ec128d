package io.jbuild.oci.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Writes files that are complete or not there, after any crash. */
public final class AtomicFiles {
  /** Begins the names of files that are not yet what they will be. */
  static final String TEMPORARY = ".tmp-";

  /** Whether a file survives the loss of power as soon as the call returns. */
  public enum Durability {
    /** fsync of the file and of its directory. */
    SYNCED,
    /**
     * Atomic for every process, but the machine may forget it, or keep it torn, if power is lost.
     */
    LAZY
  }

  private AtomicFiles() {}

  /** Replaces or creates a file, durably. The directory must exist. */
  public static void publish(Path target, byte[] content) throws IOException {
    publish(target, content, Durability.SYNCED);
  }

  public static void publish(Path target, byte[] content, Durability durability)
      throws IOException {
    Path directory = parent(target);
    try (TemporaryFile temporary = TemporaryFile.create(directory)) {
      write(temporary.channel(), content, durability);
      rename(temporary.path(), target);
    }
    if (durability == Durability.SYNCED) {
      syncDirectory(directory);
    }
  }

  /** Makes the names in a directory durable: creations, renames and deletions. */
  public static void syncDirectory(Path directory) throws IOException {
    // Only the real file system lets a directory be opened; in memory there is nothing to sync.
    if (directory.getFileSystem().equals(FileSystems.getDefault())) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** The whole file if it exists, and is a regular file of at most {@code limit} bytes. */
  public static Optional<byte[]> read(Path file, int limit) throws IOException {
    try (RegularFile open = RegularFile.open(file)) {
      return Optional.of(open.readAll(limit));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Cleans up after {@code cause}, which stays the error that is told. */
  static void deleteAfter(Exception cause, Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  static String temporaryName() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return TEMPORARY + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }

  static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no directory holds " + file);
    }
    return parent;
  }

  private static void write(FileChannel channel, byte[] content, Durability durability)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    if (durability == Durability.SYNCED) {
      channel.force(true);
    }
  }
}
