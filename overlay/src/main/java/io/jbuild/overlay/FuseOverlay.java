package io.jbuild.overlay;

import io.jbuild.linux.Closing;
import io.jbuild.linux.Fd;
import io.jbuild.linux.FdStreams;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.Pipe;
import io.jbuild.linux.ProcessEnd;
import io.jbuild.linux.mount.Fuse;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.linux.spawn.Child;
import io.jbuild.linux.spawn.Spawn;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of the program fuse-overlayfs, and the mount that it serves.
 *
 * <p>The mount is made here, attached nowhere, and the program gets the connection and the layers
 * as open descriptors. So it needs no right to mount anything, no path has to be escaped, and it
 * ends by itself when the mount is gone: with the sandbox and this object, or with this process.
 */
final class FuseOverlay implements Closeable {
  private static final int SIGKILL = 9;
  private static final long PATIENCE_SECONDS = 30;
  private static final int LONGEST_MESSAGE = 4096;

  private final Fd mount;
  private final CompletableFuture<Child> started = new CompletableFuture<>();
  private final CompletableFuture<ProcessEnd> ended = new CompletableFuture<>();
  private volatile String message = "";
  private @Nullable PidFd process;

  private FuseOverlay(Fd mount) {
    this.mount = mount;
  }

  /**
   * @param program the path of fuse-overlayfs
   * @param lowers topmost first, at least one
   * @param upper with its work directory, or empty for a stack to look at
   */
  static FuseOverlay start(Path program, List<Path> lowers, Optional<Writing> upper)
      throws IOException {
    Closing forChild = new Closing();
    try (forChild) {
      Fd device = forChild.add(Fuse.openDevice());
      FuseOverlay overlay = new FuseOverlay(MountApi.openDetached(new Fuse(device), Set.of()));
      try {
        FuseProgram run = new FuseProgram(program, device);
        for (Path lower : lowers) {
          run.lower(forChild.add(KernelDir.open(lower)));
        }
        if (upper.isPresent()) {
          run.writable(
              forChild.add(KernelDir.open(upper.get().upper())),
              forChild.add(KernelDir.open(upper.get().work())));
        }
        Pipe messages = forChild.add(Pipe.open());
        Spawn spawn =
            Spawn.prepare(
                run.compile(messages.writeEnd()), Set.of(), java.util.OptionalInt.empty());
        overlay.launch(spawn, messages);
        return overlay;
      } catch (IOException | RuntimeException e) {
        overlay.mount.close();
        throw e;
      }
    }
  }

  /** Where changes go. */
  record Writing(Path upper, Path work) {}

  private void launch(Spawn spawn, Pipe messages) throws IOException {
    Fd reading = messages.readEnd().duplicate();
    Thread life = new Thread(() -> live(spawn, reading), "fuse-overlayfs");
    life.setDaemon(true);
    life.start();
    try {
      Child unused = started.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while fuse-overlayfs starts", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** The thread stays until the program has ended, whose life depends on that of its parent. */
  private void live(Spawn spawn, Fd messages) {
    try (spawn;
        messages) {
      Child child = spawn.run();
      PidFd held = PidFd.owning(Fd.owning(child.pidfd()));
      synchronized (this) {
        process = held;
      }
      started.complete(child);
      message = readAll(messages);
      ended.complete(held.waitFor());
    } catch (IOException | RuntimeException | Error e) {
      started.completeExceptionally(e);
      ended.completeExceptionally(e);
    }
  }

  private static String readAll(Fd messages) throws IOException {
    try (InputStream in = FdStreams.input(messages.duplicate())) {
      String text = new String(in.readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8);
      long unused = in.transferTo(java.io.OutputStream.nullOutputStream());
      return text.strip();
    }
  }

  /** Stays this object's. */
  Fd mount() {
    return mount;
  }

  /**
   * Waits until all that was written has arrived in the upper directory. Nobody may have the mount
   * any more.
   */
  void finish() throws IOException {
    ProcessEnd end = end();
    if (end.signalled() || end.status() != 0) {
      throw new IOException(
          "fuse-overlayfs ended with "
              + (end.signalled() ? "signal " : "exit code ")
              + end.status()
              + (message.isEmpty() ? "" : ": " + message.lines().reduce((a, b) -> b).orElse("")));
    }
  }

  private ProcessEnd end() throws IOException {
    mount.close();
    try {
      return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      kill();
      throw new IOException(
          "fuse-overlayfs still runs " + PATIENCE_SECONDS + " s after its mount was let go", e);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while fuse-overlayfs ends", e);
    } catch (ExecutionException e) {
      throw new IOException("fuse-overlayfs: " + e.getCause(), e);
    }
  }

  private synchronized void kill() throws IOException {
    if (process != null) {
      boolean unused = process.signal(SIGKILL);
    }
  }

  /** Ends the program; what is being written may be lost. */
  @Override
  public void close() throws IOException {
    mount.close();
    if (!ended.isDone()) {
      kill();
      ProcessEnd unused = end();
    }
    synchronized (this) {
      if (process != null) {
        process.close();
        process = null;
      }
    }
  }
}
