package io.jbuild.overlay;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Copies of root filesystems. What one step leaves is what the next one of its stage starts from,
 * so a few are kept, each with the layers that it shows.
 */
final class CopyPool implements Closeable {
  private static final String NAME = "copy-";
  private static final int MOST_KEPT = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * A copy that nobody uses.
   *
   * @param top the directory that the step's changes were written into: it becomes a layer under
   *     another name, but stays the same directory
   * @param below the layers below it, which have their final names
   * @param changed the paths in that layer
   */
  private record Kept(RootCopy copy, KernelDir top, List<Path> below, List<TreePath> changed) {
    boolean shows(List<Path> layers) throws IOException {
      if (layers.isEmpty() || !layers.subList(1, layers.size()).equals(below)) {
        return false;
      }
      FileStat now;
      try (KernelDir dir = KernelDir.open(layers.get(0))) {
        now = dir.stat();
      }
      return now.isSameFile(top.stat());
    }
  }

  private final Path places;
  private final CopySnapshots.Discard discard;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private boolean swept;

  /**
   * @param places a directory for copies alone, on the file system of the layers
   */
  CopyPool(Path places, CopySnapshots.Discard discard) {
    this.places = places;
    this.discard = discard;
  }

  /** A copy of these layers, the caller's until it is kept or discarded. */
  RootCopy take(List<Path> layers) throws IOException {
    Optional<Kept> known = known(layers);
    RootCopy copy = known.isPresent() ? known.get().copy() : make();
    try (LayerDirs below = new LayerDirs(layers)) {
      if (known.isEmpty()) {
        copy.fill(below.view());
      } else {
        known.get().top().close();
        copy.follow(below.view(), known.get().changed());
      }
      return copy;
    } catch (IOException | RuntimeException e) {
      discard(copy);
      throw e;
    }
  }

  private synchronized Optional<Kept> known(List<Path> layers) throws IOException {
    for (Iterator<Kept> all = kept.iterator(); all.hasNext(); ) {
      Kept each = all.next();
      if (each.shows(layers)) {
        all.remove();
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private RootCopy make() throws IOException {
    sweep();
    Optional<RootCopy> made = Optional.empty();
    while (made.isEmpty()) {
      byte[] random = new byte[12];
      RANDOM.nextBytes(random);
      made = RootCopy.make(places.resolve(NAME + HexFormat.of().formatHex(random)));
    }
    return made.get();
  }

  /** Keeps a copy whose changes were written into a directory that becomes the topmost layer. */
  void keep(RootCopy copy, Path top, List<Path> below, List<TreePath> changed) throws IOException {
    Kept eldest = null;
    synchronized (this) {
      kept.addLast(new Kept(copy, KernelDir.open(top), List.copyOf(below), List.copyOf(changed)));
      if (kept.size() > MOST_KEPT) {
        eldest = kept.removeFirst();
      }
    }
    if (eldest != null) {
      discard(eldest);
    }
  }

  private void discard(Kept one) throws IOException {
    one.top().close();
    discard(one.copy());
  }

  void discard(RootCopy copy) throws IOException {
    try (copy) {
      discard.take(copy.place());
    }
  }

  /** Discards what processes that have died left behind. */
  private synchronized void sweep() throws IOException {
    if (swept) {
      return;
    }
    swept = true;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(places, NAME + "*")) {
      for (Path place : all) {
        sweep(place);
      }
    }
  }

  private void sweep(Path place) throws IOException {
    try {
      Optional<LockFile> lock =
          LockFile.tryLock(place.resolve(RootCopy.LOCK), LockFile.Mode.EXCLUSIVE);
      if (lock.isPresent()) {
        LockFile held = lock.get();
        try (held) {
          discard.take(place);
        }
      }
    } catch (IOException e) {
      if (Files.exists(place)) {
        throw e;
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    while (!kept.isEmpty()) {
      discard(kept.removeFirst());
    }
  }
}
