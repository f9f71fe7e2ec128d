package io.jbuild.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tasks on an executor. The first failure interrupts the others, and whoever started them gets it
 * once none of them runs any more.
 */
public final class SideBySide {

  /** One transfer; blocks, and ends soon after it is interrupted. */
  @FunctionalInterface
  public interface Task {
    void run() throws IOException;
  }

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Flight> flights = new ArrayList<>();
  private final CountDownLatch running;

  private SideBySide(List<Task> tasks) {
    running = new CountDownLatch(tasks.size());
    tasks.forEach(task -> flights.add(new Flight(task)));
  }

  /** Runs all of them and waits for the last. */
  public static void run(List<? extends Task> tasks, Executor executor) throws IOException {
    new SideBySide(List.copyOf(tasks)).run(executor);
  }

  private void run(Executor executor) throws IOException {
    try {
      flights.forEach(executor::execute);
    } catch (RuntimeException e) {
      fail(e); // the executor takes no more; those that it took are ended
    }
    boolean interrupted = false;
    while (running.getCount() > 0) {
      try {
        running.await();
      } catch (InterruptedException e) {
        interrupted = true;
        fail(new InterruptedIOException("interrupted"));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    rethrow(failure.get());
  }

  private static void rethrow(@Nullable Throwable cause) throws IOException {
    if (cause instanceof IOException io) {
      throw io;
    }
    if (cause instanceof RuntimeException bug) {
      throw bug;
    }
    if (cause instanceof Error error) {
      throw error;
    }
  }

  private void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      flights.forEach(Flight::cancel);
    }
  }

  private final class Flight implements Runnable {
    private final Task task;
    private boolean over;
    private @Nullable Thread thread;

    Flight(Task task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      try {
        task.run();
      } catch (Throwable e) {
        fail(e);
      } finally {
        end();
      }
    }

    private synchronized boolean begin() {
      if (over) {
        return false;
      }
      thread = Thread.currentThread();
      return true;
    }

    /** Takes our interrupt back with it: the thread belongs to the executor. */
    private synchronized void end() {
      thread = null;
      over = true;
      if (failure.get() != null) {
        Thread.interrupted();
      }
      running.countDown();
    }

    synchronized void cancel() {
      if (thread != null) {
        thread.interrupt();
      } else if (!over) {
        over = true;
        running.countDown();
      }
    }
  }
}
