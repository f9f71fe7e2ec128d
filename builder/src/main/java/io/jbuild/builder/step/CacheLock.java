package io.jbuild.builder.step;

import io.jbuild.builder.solve.Cancellation;
import io.jbuild.linux.LockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for a lock that another build may hold for hours, unless the build is cancelled. */
final class CacheLock {
  private CacheLock() {}

  /**
   * Takes the lock.
   *
   * @throws CancellationException when the build is cancelled meanwhile
   */
  static LockFile take(Path path, LockFile.Mode mode, Cancellation cancellation)
      throws IOException, InterruptedException {
    Optional<LockFile> free = LockFile.tryLock(path, mode);
    if (free.isPresent()) {
      return free.get();
    }
    CompletableFuture<LockFile> lock = new CompletableFuture<>();
    startWaiting(path, mode, lock);
    Cancellation.Registration registration =
        cancellation.onCancel(strength -> lock.completeExceptionally(new CancellationException()));
    try {
      cancellation.check();
      return lock.get();
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      registration.close();
      giveUp(lock);
    }
  }

  /** The kernel's wait cannot be interrupted: a thread of its own sits in it. */
  private static void startWaiting(
      Path path, LockFile.Mode mode, CompletableFuture<LockFile> lock) {
    Thread thread =
        new Thread(
            () -> {
              try {
                LockFile held = LockFile.lock(path, mode);
                if (!lock.complete(held)) {
                  held.close();
                }
              } catch (IOException | RuntimeException e) {
                lock.completeExceptionally(e);
              }
            },
            "jbuild-cache-lock");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whoever waits no longer does not get it either. */
  private static void giveUp(CompletableFuture<LockFile> lock) {
    lock.completeExceptionally(new CancellationException());
  }

  private static IOException failure(ExecutionException e) {
    if (e.getCause() instanceof IOException failure) {
      return failure;
    }
    if (e.getCause() instanceof RuntimeException bug) {
      throw bug;
    }
    return new IOException(e.getCause());
  }
}
