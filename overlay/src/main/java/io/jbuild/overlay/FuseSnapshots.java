package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.mount.Mount;
import io.jbuild.linux.mount.Prepared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Snapshots by the program fuse-overlayfs, which runs as long as the mount is there. */
public final class FuseSnapshots implements Snapshots {
  private final Path program;
  private final Path empty;

  /**
   * @param program the path of fuse-overlayfs
   * @param empty an empty directory of mode 0755, the lower of a stack without layers
   */
  public FuseSnapshots(Path program, Path empty) {
    this.program = program;
    this.empty = empty;
  }

  @Override
  public View view(List<Path> layers) throws IOException {
    return new Served(stack(layers), Optional.empty());
  }

  private List<Path> stack(List<Path> layers) throws IOException {
    List<Path> stack = OverlayStack.of(layers, empty).layers();
    return stack.isEmpty() ? List.of(empty) : stack;
  }

  @Override
  public Active prepare(List<Path> layers, Path upper, Path work) throws IOException {
    List<Path> stack = stack(layers);
    LockFile owner =
        LockFile.tryLockDirectory(upper).orElseThrow(() -> new SnapshotInUseException(upper));
    try {
      try (Dir from = OwnedTree.open(stack.get(0));
          Dir to = OwnedTree.open(upper)) {
        FileCopies.describe(from, to);
      }
      return new Writable(layers, stack, new FuseOverlay.Writing(upper, work), owner);
    } catch (IOException | RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** The mount, made anew whenever it is asked for. */
  private class Served implements View {
    private final List<Path> stack;
    private final Optional<FuseOverlay.Writing> writing;
    private @Nullable FuseOverlay running;

    Served(List<Path> stack, Optional<FuseOverlay.Writing> writing) {
      this.stack = List.copyOf(stack);
      this.writing = writing;
    }

    @Override
    public synchronized Mount mount() throws IOException {
      finish();
      FuseOverlay started = FuseOverlay.start(program, stack, writing);
      running = started;
      return new Prepared(started.mount());
    }

    /** Waits for the end of the mount that was asked for last. */
    synchronized void finish() throws IOException {
      FuseOverlay last = running;
      running = null;
      if (last != null) {
        try (last) {
          last.finish();
        }
      }
    }

    @Override
    public synchronized void close() throws IOException {
      FuseOverlay last = running;
      running = null;
      if (last != null) {
        last.close();
      }
    }
  }

  private final class Writable implements Active {
    private final List<Path> layers;
    private final Path upper;
    private final Served served;
    private final LockFile owner;
    private boolean ended;

    Writable(List<Path> layers, List<Path> stack, FuseOverlay.Writing writing, LockFile owner) {
      this.layers = List.copyOf(layers);
      this.upper = writing.upper();
      this.served = new Served(stack, Optional.of(writing));
      this.owner = owner;
    }

    @Override
    public Mount mount() throws IOException {
      return served.mount();
    }

    @Override
    public synchronized Committed commit() throws IOException {
      if (ended) {
        throw new IllegalStateException("\"" + upper + "\" has been committed or closed");
      }
      served.finish();
      try (Dir changes = OwnedTree.open(upper);
          LayerDirs below = new LayerDirs(layers)) {
        FuseMarks.translate(changes, below.view());
      }
      close();
      List<Path> all = new ArrayList<>();
      all.add(upper);
      all.addAll(layers);
      return new Committed(upper, all);
    }

    @Override
    public synchronized void close() throws IOException {
      ended = true;
      try (owner) {
        served.close();
      }
    }
  }
}
