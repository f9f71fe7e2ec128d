package io.jbuild.oci.store;

import io.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Small records by key: one file each, {@code <algorithm>/<hex of the key>}, replaced atomically
 * and with a checksum. The last of several writers of one key wins. A corrupt record is dropped
 * with a warning, so that it is missed once and never trusted.
 */
public final class RecordStore {
  /** Records are lists of facts, not contents. */
  public static final int MAX_BYTES = 64 << 20;

  private final Path directory;
  private final AtomicFiles.Durability durability;
  private final Consumer<String> warnings;

  /**
   * A store in a directory that exists.
   *
   * @param durability LAZY suits records whose loss costs only time, as a cache's
   */
  public RecordStore(Path directory, AtomicFiles.Durability durability, Consumer<String> warnings) {
    this.directory = directory;
    this.durability = durability;
    this.warnings = warnings;
  }

  /** The record, if there is one and its checksum is right. */
  public Optional<byte[]> get(Digest key) throws IOException {
    try {
      return read(key);
    } catch (RecordCorruptException e) {
      warnings.accept(e.getMessage() + "; dropped");
      Files.deleteIfExists(path(key));
      return Optional.empty();
    }
  }

  /** The record as it is: a corrupt one is an error and stays. For verification. */
  public Optional<byte[]> read(Digest key) throws IOException {
    Path path = path(key);
    Optional<byte[]> frame = AtomicFiles.read(path, MAX_BYTES);
    return frame.isEmpty()
        ? Optional.empty()
        : Optional.of(RecordFrame.unwrap(path, key, frame.get()));
  }

  public void put(Digest key, byte[] record) throws IOException {
    Path path = path(key);
    byte[] frame = RecordFrame.wrap(key, record);
    if (frame.length > MAX_BYTES) {
      throw new IOException("record of " + record.length + " bytes is larger than the limit");
    }
    try {
      AtomicFiles.publish(path, frame, durability);
    } catch (NoSuchFileException e) {
      makeDirectory(AtomicFiles.parent(path));
      AtomicFiles.publish(path, frame, durability);
    }
  }

  /** Only the directory of an algorithm is made here: a store that is gone stays gone. */
  private void makeDirectory(Path algorithm) throws IOException {
    try {
      Files.createDirectory(algorithm);
    } catch (FileAlreadyExistsException e) {
      // Another writer was first.
    }
    AtomicFiles.syncDirectory(directory);
  }

  /** Whether there was such a record to remove. */
  public boolean remove(Digest key) throws IOException {
    Path path = path(key);
    boolean removed = Files.deleteIfExists(path);
    if (removed && durability == AtomicFiles.Durability.SYNCED) {
      AtomicFiles.syncDirectory(AtomicFiles.parent(path));
    }
    return removed;
  }

  /** The keys of all records, sorted. */
  public List<Digest> keys() throws IOException {
    List<Digest> keys = new ArrayList<>();
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      Path files = directory.resolve(algorithm.id());
      if (Files.isDirectory(files, LinkOption.NOFOLLOW_LINKS)) {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(files)) {
          names.forEach(
              name -> algorithm.digestOf(name.getFileName().toString()).ifPresent(keys::add));
        }
      }
    }
    Collections.sort(keys);
    return keys;
  }

  /** Deletes what writers that died left behind; how many files. */
  public int sweep() throws IOException {
    int deleted = 0;
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      Path files = directory.resolve(algorithm.id());
      if (Files.isDirectory(files, LinkOption.NOFOLLOW_LINKS)) {
        deleted += TemporaryFile.sweep(files);
      }
    }
    return deleted;
  }

  private Path path(Digest key) {
    return directory.resolve(key.algorithm().id()).resolve(key.hex());
  }
}
