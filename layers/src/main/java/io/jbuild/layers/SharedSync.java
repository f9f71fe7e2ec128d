package io.jbuild.layers;

import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Lets one syncfs serve all threads that wait for one: who comes while one runs waits for the next,
 * since what it wrote may have come too late for the running one.
 */
final class SharedSync {
  interface Sync {
    void run() throws IOException;
  }

  private final Sync sync;
  private boolean running;
  private long begun;
  private long completed;
  private long failed = -1;

  SharedSync(Sync sync) {
    this.sync = sync;
  }

  /** Returns once a sync that began after this call has succeeded. */
  void run() throws IOException {
    long mine;
    synchronized (this) {
      long wanted = begun + 1;
      awaitTurn(wanted);
      if (completed >= wanted) {
        if (failed >= wanted) {
          throw new IOException("sync: another thread's attempt at the same failed");
        }
        return;
      }
      running = true;
      mine = ++begun;
    }
    boolean done = false;
    try {
      sync.run();
      done = true;
    } finally {
      finish(mine, done);
    }
  }

  private synchronized void finish(long mine, boolean done) {
    running = false;
    completed = mine;
    if (!done) {
      failed = mine;
    }
    notifyAll();
  }

  private synchronized void awaitTurn(long wanted) throws IOException {
    try {
      while (running && completed < wanted) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("sync: interrupted");
    }
  }
}
