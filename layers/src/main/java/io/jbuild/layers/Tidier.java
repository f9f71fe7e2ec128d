package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides, during a walk through an upper directory, what in it is overlayfs's doing rather than
 * the step's.
 */
final class Tidier {
  private final @Nullable LowerView lower;
  private final Optional<Timestamp> newest;
  private final Consumer<String> warnings;

  Tidier(@Nullable LowerView lower, Optional<Timestamp> newest, Consumer<String> warnings) {
    this.lower = lower;
    this.newest = newest;
    this.warnings = warnings;
  }

  /** Takes a directory as it is. */
  static Tidier none() {
    return new Tidier(null, Optional.empty(), line -> {});
  }

  boolean isRootChanged(Dir root) throws IOException {
    SortedMap<String, byte[]> xattrs = root.xattrs();
    for (String name : xattrs.keySet()) {
      if (Xattrs.isOverlay(name)) {
        root.removeXattr(name);
      }
    }
    Attributes below = below(TreePath.ROOT).orElse(Attributes.DIRECTORY);
    return !Attributes.of(root.stat(), xattrs).sameButTime(below);
  }

  /**
   * Whether the directory was copied up and not changed, so that it counts only for what it holds.
   *
   * @param hiding whether it, or one above it, is opaque: what is below does not show through then,
   *     and the layer has to say all of it again
   */
  boolean isCopy(TreePath path, Attributes attributes, boolean hiding) throws IOException {
    return !hiding && below(path).filter(attributes::equals).isPresent();
  }

  /**
   * Whether a file that is no directory was copied up and not changed. overlayfs does that for a
   * chmod, chown or open for writing that leaves everything as it was.
   *
   * @param stat before any change of its time
   */
  boolean isCopy(TreePath path, Dir in, FileStat stat, SortedMap<String, byte[]> xattrs)
      throws IOException {
    Optional<LowerView.File> below = lower == null ? Optional.empty() : lower.file(path);
    return below.isPresent() && SameFile.is(in, path.name(), stat, xattrs, below.get());
  }

  /**
   * Whether the directory's opaque mark hides something. overlayfs also sets it on directories that
   * are simply new, and such a mark would hide other layers once this one is stacked elsewhere.
   *
   * @param hidden whether one above it is opaque
   */
  boolean isOpaque(TreePath path, SortedMap<String, byte[]> xattrs, boolean hidden)
      throws IOException {
    return Xattrs.isOpaque(xattrs) && (lower == null || (!hidden && below(path).isPresent()));
  }

  private Optional<Attributes> below(TreePath path) throws IOException {
    return lower == null ? Optional.empty() : lower.lookup(path);
  }

  /** Removes what only the mount that is gone understood. */
  void strip(Dir in, Name name, SortedMap<String, byte[]> xattrs, boolean opaque)
      throws IOException {
    if (lower == null) {
      return;
    }
    for (String attribute : xattrs.keySet()) {
      boolean mark = opaque && attribute.equals(Xattrs.OPAQUE);
      if (Xattrs.isOverlay(attribute) && !mark) {
        in.removeXattr(name, attribute);
      }
    }
  }

  /** The attributes for the layer, the time no later than the newest that is allowed. */
  Attributes attributes(Dir in, Name name, FileStat stat, SortedMap<String, byte[]> xattrs)
      throws IOException {
    Attributes found = Attributes.of(stat, xattrs);
    if (newest.isPresent() && stat.modified().compareTo(newest.get()) > 0) {
      in.setTimes(name, newest.get());
      return found.withModified(newest.get());
    }
    return found;
  }

  /** Takes a socket out of the directory: it is dead, and no archive can hold it. */
  void dropSocket(Dir in, Name name, TreePath parent) throws IOException {
    if (lower != null) {
      warnings.accept("socket left out of the layer: " + parent.resolve(name));
      in.unlink(name);
    }
  }

  void dropCopy(Dir in, Name name) throws IOException {
    in.removeDir(name);
  }

  void dropFileCopy(Dir in, Name name) throws IOException {
    in.unlink(name);
  }

  boolean changesDirectories() {
    return lower != null;
  }
}
