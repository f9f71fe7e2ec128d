package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots without a union mount: a copy of all files, changed in place. What changed is found by
 * comparing with an index that is taken before, and written as overlayfs would have left it.
 *
 * <p>Files that have several names in a layer are several files in the copy, for overlayfs too
 * copies up the one name that is written to. One difference cannot be made up: a directory of the
 * layers below can be renamed here, where overlayfs makes programs copy it.
 */
public final class CopySnapshots implements Snapshots {
  private final Path empty;
  private final CopyPool pool;

  /** What becomes of a directory that nobody needs any more. */
  @FunctionalInterface
  public interface Discard {
    void take(Path directory) throws IOException;
  }

  /**
   * @param empty an empty directory of mode 0755, the root of a stack without layers
   * @param places a directory for copies alone, on the file system of the layers
   */
  public CopySnapshots(Path empty, Path places, Discard discard) {
    this.empty = empty;
    this.pool = new CopyPool(places, discard);
  }

  @Override
  public View view(List<Path> layers) throws IOException {
    return new Copied(orEmpty(layers));
  }

  @Override
  public boolean viewsAreCopies() {
    return true;
  }

  @Override
  public Active prepare(List<Path> layers, Path upper, Path work) throws IOException {
    LockFile owner =
        LockFile.tryLockDirectory(upper).orElseThrow(() -> new SnapshotInUseException(upper));
    try {
      Path top = layers.isEmpty() ? empty : layers.get(0);
      try (Dir from = OwnedTree.open(top);
          Dir to = OwnedTree.open(upper)) {
        FileCopies.describe(from, to);
      }
      return new Writable(layers, upper, owner);
    } catch (IOException | RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  private List<Path> orEmpty(List<Path> layers) {
    return layers.isEmpty() ? List.of(empty) : layers;
  }

  @Override
  public void close() throws IOException {
    pool.close();
  }

  private final class Copied implements View {
    private final List<Path> layers;
    private @Nullable RootCopy copy;

    Copied(List<Path> layers) {
      this.layers = List.copyOf(layers);
    }

    @Override
    public synchronized Mount mount() throws IOException {
      RootCopy made = copy;
      if (made == null) {
        made = pool.take(layers);
        copy = made;
      }
      return new Bind(made.mountable().fd(), false);
    }

    @Override
    public synchronized void close() throws IOException {
      RootCopy made = copy;
      copy = null;
      if (made != null) {
        pool.keep(made, layers.get(0), layers.subList(1, layers.size()), List.of());
      }
    }
  }

  private final class Writable implements Active {
    private final List<Path> layers;
    private final Path upper;
    private final LockFile owner;
    private @Nullable RootCopy copy;
    private @Nullable TreeIndex index;
    private boolean ended;

    Writable(List<Path> layers, Path upper, LockFile owner) {
      this.layers = List.copyOf(layers);
      this.upper = upper;
      this.owner = owner;
    }

    @Override
    public synchronized Mount mount() throws IOException {
      return new Bind(copy().mountable().fd(), false);
    }

    @Override
    public synchronized Optional<Path> directory() throws IOException {
      return Optional.of(copy().directory());
    }

    /** Made as late as possible: what is in the upper directory by then belongs to the root. */
    private RootCopy copy() throws IOException {
      RootCopy made = copy;
      if (made == null) {
        made = pool.take(orEmpty(layers));
        copy = made;
        index = TreeIndex.of(made.root());
        try (Dir before = OwnedTree.open(upper)) {
          if (!before.list().isEmpty()) {
            made.add(before);
          }
        }
      }
      return made;
    }

    @Override
    public synchronized Committed commit() throws IOException {
      if (ended) {
        throw new IllegalStateException("\"" + upper + "\" has been committed or closed");
      }
      RootCopy made = copy;
      TreeIndex before = index;
      if (made != null && before != null) {
        List<TreePath> changed = writeChanges(made, before);
        copy = null;
        pool.keep(made, upper, layers, changed);
      }
      close();
      List<Path> all = new ArrayList<>();
      all.add(upper);
      all.addAll(layers);
      return new Committed(upper, all);
    }

    private List<TreePath> writeChanges(RootCopy made, TreeIndex before) throws IOException {
      try (Dir out = OwnedTree.open(upper)) {
        for (Name name : out.list()) {
          out.removeTree(name); // it is in the copy
        }
        return TreeChanges.write(made.root(), before, out);
      }
    }

    @Override
    public synchronized void close() throws IOException {
      ended = true;
      RootCopy made = copy;
      copy = null;
      owner.close();
      if (made != null) {
        pool.discard(made);
      }
    }
  }
}
