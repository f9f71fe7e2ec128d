package io.jbuild.overlay;

import io.jbuild.linux.mount.Mount;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Root filesystems made of layers. A snapshot is in one of three states, each a type:
 *
 * <p><b>View</b>: a stack of committed layers to look at. It changes nothing and holds nothing; any
 * number may exist of the same layers.
 *
 * <p><b>Active</b>: a stack with a directory of its own, {@code upper}, that takes every change. It
 * has one owner at a time: a lock of this process, which the kernel releases when the process dies.
 * Preparing it gives {@code upper} the attributes of the merged root, which overlayfs would else
 * show with those of the empty upper. An active snapshot ends by {@link Active#commit} or by {@link
 * Active#close}.
 *
 * <p><b>Committed</b>: the changes, frozen: a layer in overlayfs's format that later stacks have on
 * top of the layers it was made on. From an active snapshot it is made once, without copying. What
 * becomes of the directory then (a name by content, a place in a store) is for its owner to decide;
 * it must not be changed any more.
 *
 * <pre>
 *   prepare(layers, upper, work) -> Active -- commit() --> Committed -> part of a later stack
 *                                     |
 *                                     +------ close() ---> nothing; upper and work stay with the caller
 * </pre>
 *
 * <p>A snapshot is only described here. The mount is plain data, and whoever starts a process
 * performs it; it lives no longer than that process.
 */
public interface Snapshots extends Closeable {
  /**
   * @param layers committed layers, the topmost first
   */
  View view(List<Path> layers) throws IOException;

  /** Whether a view costs a copy of all that is in it, so that a copy of a part is better. */
  default boolean viewsAreCopies() {
    return false;
  }

  /** Gives back what is kept for later snapshots. All of them have to be over. */
  @Override
  default void close() throws IOException {}

  /**
   * Makes a writable root filesystem.
   *
   * @param upper an empty directory that takes the changes, the caller's to make and to remove
   * @param work an empty directory beside it, on the same file system
   * @throws SnapshotInUseException when another owner, in this process or another, has {@code
   *     upper}
   */
  Active prepare(List<Path> layers, Path upper, Path work) throws IOException;

  /** Layers to look at, until {@link #close}. */
  interface View extends Closeable {
    Mount mount() throws IOException;

    @Override
    default void close() throws IOException {}
  }

  /** Layers with a place for changes, owned until {@link #commit} or {@link #close}. */
  interface Active extends Closeable {
    /** The mount, to be performed once; after that is gone, it may be asked for again. */
    Mount mount() throws IOException;

    /**
     * The root as a plain directory, for whoever cannot mount anything. What is written there
     * counts as through the mount.
     */
    default Optional<Path> directory() throws IOException {
      return Optional.empty();
    }

    /**
     * Freezes the changes and gives the directory up. No process may have the mount any more.
     *
     * @throws IllegalStateException when it has been committed or closed before
     */
    Committed commit() throws IOException;

    /** Gives the directory up; after {@link #commit} it does nothing. */
    @Override
    void close() throws IOException;
  }

  /**
   * @param layer the directory with the changes
   * @param layers the stack that it completes: itself, then the layers below
   */
  record Committed(Path layer, List<Path> layers) {
    public Committed {
      layers = List.copyOf(layers);
    }
  }
}
