package io.jbuild.builder.solve;

import java.io.Closeable;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The one bounded executor, with futures that carry the exception that was thrown, unwrapped. */
public final class Tasks implements Closeable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final ExecutorService executor;
  private final int threads;

  public Tasks(int threads) {
    this.threads = threads;
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "jbuild-" + NUMBER.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  public int threads() {
    return threads;
  }

  /** Runs work on the executor. */
  public <T> CompletableFuture<T> submit(Callable<T> work) {
    CompletableFuture<T> future = new CompletableFuture<>();
    executor.execute(() -> run(work, future));
    return future;
  }

  /**
   * Runs work on the executor once all of {@code needs} have ended well; else fails as they did.
   */
  public <T> CompletableFuture<T> after(CompletableFuture<?> needs, Callable<T> work) {
    CompletableFuture<T> future = new CompletableFuture<>();
    CompletableFuture<?> unused =
        needs.whenComplete(
            (value, error) -> {
              if (error == null) {
                executor.execute(() -> run(work, future));
              } else {
                future.completeExceptionally(unwrap(error));
              }
            });
    return future;
  }

  /** Runs a piece of work that reports by itself. */
  public void execute(Runnable work) {
    executor.execute(work);
  }

  // Everything that the work throws, our own bugs included, belongs to whoever waits for the
  // result.
  private static <T> void run(Callable<T> work, CompletableFuture<T> future) {
    try {
      future.complete(work.call());
    } catch (Throwable e) {
      future.completeExceptionally(e);
    }
  }

  /** The exception that work threw, without the wrappers that futures put around it. */
  public static Throwable unwrap(Throwable error) {
    Throwable inner = error;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  /** Waits for what is still running: it has been cancelled, or it is about to end. */
  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = false;
    try {
      while (!executor.isTerminated()) {
        try {
          executor.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
