package io.jbuild.builder.solve;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells everything under way to end: once, and never taken back. Thread-safe.
 *
 * <p>Two strengths: a gentle one, when a person asks, lets a step's process end by itself for a
 * while; a hard one, when a sibling failed and nobody wants the result, kills at once.
 */
public final class Cancellation {
  /** How a cancelled process is treated. */
  public enum Strength {
    GENTLE,
    HARD
  }

  /** What wants to hear of it; runs in the thread that cancels, and must not block. */
  @FunctionalInterface
  public interface Handler {
    void cancelled(Strength strength);
  }

  private final Set<Registration> handlers = new LinkedHashSet<>();
  private volatile boolean cancelled;
  private Strength strength = Strength.GENTLE;

  /** Cancels; a second call may only make it harder. */
  public void cancel(Strength wanted) {
    List<Registration> toTell;
    synchronized (this) {
      if (cancelled && (strength == Strength.HARD || wanted == Strength.GENTLE)) {
        return;
      }
      cancelled = true;
      strength = wanted;
      toTell = new ArrayList<>(handlers);
    }
    for (Registration registration : toTell) {
      registration.handler.cancelled(wanted);
    }
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** Throws when cancelled: for the places between two pieces of work. */
  public void check() {
    if (isCancelled()) {
      throw new CancellationException("cancelled");
    }
  }

  /** Registers a handler until the registration is closed; told at once if it is too late. */
  public Registration onCancel(Handler handler) {
    Registration registration = new Registration(handler);
    Strength already;
    synchronized (this) {
      handlers.add(registration);
      if (!cancelled) {
        return registration;
      }
      already = strength;
    }
    handler.cancelled(already);
    return registration;
  }

  /**
   * Interrupts the calling thread when cancelled, until the result is closed: for work that waits
   * for the world and knows no cancellation. The interrupt does not outlive the result.
   */
  public Interruption interrupting() {
    Interruption interruption = new Interruption(Thread.currentThread());
    interruption.registration = onCancel(strength -> interruption.interrupt());
    return interruption;
  }

  /** One thread's readiness to be interrupted. */
  public static final class Interruption implements AutoCloseable {
    private final Thread thread;
    private @Nullable Registration registration;
    private boolean over;
    private boolean interrupted;

    private Interruption(Thread thread) {
      this.thread = thread;
    }

    private synchronized void interrupt() {
      if (!over) {
        interrupted = true;
        thread.interrupt();
      }
    }

    @Override
    public void close() {
      if (registration != null) {
        registration.close();
      }
      synchronized (this) {
        over = true;
        if (interrupted) {
          boolean unused = Thread.interrupted();
        }
      }
    }
  }

  /** One handler's membership. */
  public final class Registration implements AutoCloseable {
    private final Handler handler;

    private Registration(Handler handler) {
      this.handler = handler;
    }

    @Override
    public void close() {
      synchronized (Cancellation.this) {
        handlers.remove(this);
      }
    }
  }
}
