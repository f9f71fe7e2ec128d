package io.jbuild.layers;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.Self;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.store.AtomicFiles;
import io.jbuild.oci.store.StoreRoot;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Unpacked layers by diffID: {@code layers/<algorithm>/<hex>/{record,fs}}. Any number of processes
 * may use one store.
 *
 * <p>A layer comes into being by one rename of a directory that is complete and on the disk. It
 * goes by a rename into the trash. So it is whole whenever it is there, whoever dies when.
 */
public final class LayerStore {
  private final StoreRoot root;
  private final Trash trash;
  private final SharedSync sync;
  private final StoreMarks markedFor;

  public LayerStore(StoreRoot root) {
    this.root = root;
    this.trash = new Trash(root.trash(), root.locks().resolve("trash"));
    this.markedFor = new StoreMarks(root);
    this.sync = new SharedSync(this::syncFilesystem);
  }

  /**
   * Makes sure that this process may use the store's layers: they are the caller's own, and their
   * deletions are of the kind that overlayfs reads here.
   */
  public void requireUsable() throws IOException {
    markedFor.check();
  }

  /** The layer if it is complete. A damaged record is as good as none. */
  public Optional<StoredLayer> find(DiffId diffId) throws IOException {
    Path directory = directory(diffId);
    Optional<byte[]> record =
        AtomicFiles.read(directory.resolve(DirectoryIngest.RECORD), LayerRecord.LONGEST);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    try {
      LayerSummary summary = LayerRecord.read(record.get());
      boolean whole =
          summary.diffId().equals(diffId)
              && Files.isDirectory(fs(directory), LinkOption.NOFOLLOW_LINKS);
      return whole ? Optional.of(new StoredLayer(summary, fs(directory))) : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Path fs(Path layer) {
    return layer.resolve(DirectoryIngest.FS);
  }

  private Path directory(DiffId diffId) {
    Digest digest = diffId.digest();
    return root.layers().resolve(digest.algorithm().id()).resolve(digest.hex());
  }

  /** The diffIDs of all layers, sorted. */
  public List<DiffId> list() throws IOException {
    List<DiffId> found = new ArrayList<>();
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      Path directory = root.layers().resolve(algorithm.id());
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
          for (Path name : names) {
            algorithm
                .digestOf(String.valueOf(name.getFileName()))
                .map(DiffId::new)
                .ifPresent(found::add);
          }
        }
      }
    }
    Collections.sort(found);
    return found;
  }

  /** Takes a layer out. Whoever has it mounted keeps it until then. */
  public boolean remove(DiffId diffId) throws IOException {
    try {
      trash.take(directory(diffId));
    } catch (NoSuchFileException e) {
      return false;
    }
    AtomicFiles.syncDirectory(root.layers().resolve(diffId.digest().algorithm().id()));
    return true;
  }

  /** A new place to make a layer in, which takes root. The caller closes it. */
  public LayerIngest begin() throws IOException {
    if (!Self.isRoot()) {
      throw new IOException(
          "layers have files of other users, which only root can make: without JBUILD_ROOTLESS=no"
              + " jbuild makes its caller root of a user namespace");
    }
    markedFor.claim();
    Optional<DirectoryIngest> made = Optional.empty();
    while (made.isEmpty()) {
      made =
          DirectoryIngest.make(this, root.ingest().resolve(Trash.randomName(DirectoryIngest.NAME)));
    }
    return made.get();
  }

  /** Discards what processes that have died left behind; how many ingests. */
  public int sweep() throws IOException {
    int swept = 0;
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(root.ingest(), DirectoryIngest.NAME + "*")) {
      for (Path ingest : all) {
        swept += sweep(ingest) ? 1 : 0;
      }
    }
    return swept;
  }

  private boolean sweep(Path ingest) throws IOException {
    try {
      Optional<LockFile> lock =
          LockFile.tryLock(ingest.resolve(DirectoryIngest.LOCK), LockFile.Mode.EXCLUSIVE);
      if (lock.isEmpty()) {
        return false;
      }
      LockFile held = lock.get();
      try (held) {
        trash.take(ingest);
        return true;
      }
    } catch (IOException e) {
      if (Files.notExists(ingest)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Deletes what was discarded, for as long as that takes: never on a build's path. How many trees.
   */
  public int emptyTrash() throws IOException {
    return trash.empty();
  }

  /** Discards a directory on the store's file system by a rename: it is deleted later. */
  public void discard(Path directory) throws IOException {
    trash.take(directory);
  }

  /** The layer that somebody published, perhaps only just, and durably so. */
  Optional<StoredLayer> findDurable(DiffId diffId) throws IOException {
    Optional<StoredLayer> found = find(diffId);
    if (found.isPresent()) {
      AtomicFiles.syncDirectory(root.layers().resolve(diffId.digest().algorithm().id()));
    }
    return found;
  }

  Trash trash() {
    return trash;
  }

  /** Makes everything below durable that was written before the call. */
  void sync() throws IOException {
    sync.run();
  }

  private void syncFilesystem() throws IOException {
    try (KernelDir dir = KernelDir.open(root.layers())) {
      dir.syncFilesystem();
    }
  }

  /** Gives a durable directory its name; if one is there already, it stays unless it is damaged. */
  StoredLayer publish(Path layer, LayerSummary summary) throws IOException {
    Path target = directory(summary.diffId());
    Path algorithm = root.layers().resolve(summary.diffId().digest().algorithm().id());
    makeDurably(algorithm);
    while (!rename(layer, target)) {
      Optional<StoredLayer> present = findDurable(summary.diffId());
      if (present.isPresent()) {
        return present.get();
      }
      discardDamaged(summary.diffId());
    }
    AtomicFiles.syncDirectory(algorithm);
    return new StoredLayer(summary, fs(target));
  }

  private void makeDurably(Path algorithm) throws IOException {
    try {
      Files.createDirectory(algorithm);
      AtomicFiles.syncDirectory(root.layers());
    } catch (FileAlreadyExistsException e) {
      // Only the first layer of an algorithm makes its directory.
    }
  }

  /**
   * Nothing can take the place of what is there meanwhile, but another process may be discarding it
   * too.
   */
  private void discardDamaged(DiffId diffId) throws IOException {
    LockFile held = LockFile.lock(root.locks().resolve("layers"), LockFile.Mode.EXCLUSIVE);
    try (held) {
      Path target = directory(diffId);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && find(diffId).isEmpty()) {
        trash.take(target);
      }
    }
  }

  /** False where something is: rename(2) replaces no directory that is not empty. */
  private static boolean rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      return false;
    } catch (FileSystemException e) {
      if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)
          && Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      throw e;
    }
  }
}
