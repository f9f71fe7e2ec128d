package io.jbuild.layers;

import io.jbuild.linux.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * {@code ingest/layer-<random>/{lock,work,layer/fs}}. The record is written into {@code layer} and
 * made durable together with {@code fs}; then one rename of {@code layer} publishes both, so that a
 * layer is complete or not there.
 */
final class DirectoryIngest implements LayerIngest {
  static final String NAME = "layer-";
  static final String LOCK = "lock";
  private static final String LAYER = "layer";
  static final String FS = "fs";
  static final String RECORD = "record";

  private final LayerStore store;
  private final Path directory;
  private final LockFile lock;
  private boolean committed;
  private boolean closed;

  private DirectoryIngest(LayerStore store, Path directory, LockFile lock) {
    this.store = store;
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Empty when a sweep took the new directory, before it was locked, for one whose owner had died.
   */
  static Optional<DirectoryIngest> make(LayerStore store, Path directory) throws IOException {
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Optional<LockFile> lock = lock(directory);
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    DirectoryIngest ingest = new DirectoryIngest(store, directory, lock.get());
    try {
      ingest.makeParts();
    } catch (IOException | RuntimeException e) {
      ingest.close();
      throw e;
    }
    return Optional.of(ingest);
  }

  private static Optional<LockFile> lock(Path directory) throws IOException {
    try {
      return LockFile.tryLock(directory.resolve(LOCK), LockFile.Mode.EXCLUSIVE);
    } catch (IOException e) {
      if (Files.notExists(directory)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void makeParts() throws IOException {
    Files.createDirectories(fs());
    Files.createDirectory(work());
    // Its mode becomes that of the image's root directory, whatever the umask is.
    Files.setPosixFilePermissions(fs(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Override
  public Path fs() {
    return layer().resolve(FS);
  }

  @Override
  public Path work() {
    return directory.resolve("work");
  }

  private Path layer() {
    return directory.resolve(LAYER);
  }

  @Override
  public StoredLayer commit(LayerSummary summary) throws IOException {
    if (committed || closed) {
      throw new IllegalStateException("the ingest " + directory + " is over");
    }
    Optional<StoredLayer> present = store.findDurable(summary.diffId());
    if (present.isPresent()) {
      return present.get();
    }
    Files.write(layer().resolve(RECORD), LayerRecord.write(summary));
    store.sync();
    StoredLayer stored = store.publish(layer(), summary);
    committed = true;
    return stored;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      store.trash().take(directory);
    } catch (NoSuchFileException e) {
      // Somebody removed the store's directories; there is nothing left to discard.
    }
  }
}
