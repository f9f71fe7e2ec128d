package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work on many items by the calling thread, helped by an executor's threads when they have time. It
 * never waits for a helper that has not begun, so it is safe in a task of the same bounded
 * executor.
 */
final class Parallel<T> {
  interface Action<T> {
    void on(T item) throws IOException, UserException;
  }

  private final List<T> items;
  private final Action<T> action;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch open;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Parallel(List<T> items, Action<T> action) {
    this.items = items;
    this.action = action;
    this.open = new CountDownLatch(items.size());
  }

  static <T> void forEach(Executor executor, List<T> items, Action<T> action)
      throws IOException, UserException {
    Parallel<T> work = new Parallel<>(items, action);
    int helpers = Math.min(Runtime.getRuntime().availableProcessors(), items.size()) - 1;
    for (int i = 0; i < helpers; i++) {
      try {
        executor.execute(work::help);
      } catch (RejectedExecutionException e) {
        break; // a busy executor: this thread does it all
      }
    }
    work.help();
    work.await();
  }

  private void help() {
    for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
      try {
        if (failure.get() == null) {
          action.on(items.get(i));
        }
      } catch (IOException | UserException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        open.countDown();
      }
    }
  }

  private void await() throws IOException, UserException {
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading files");
    }
    Throwable first = failure.get();
    if (first instanceof IOException io) {
      throw io;
    } else if (first instanceof UserException user) {
      throw user;
    } else if (first instanceof RuntimeException bug) {
      throw bug;
    } else if (first instanceof Error error) {
      throw error;
    }
  }
}
