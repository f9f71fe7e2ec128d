package io.jbuild.registry;

import java.time.Duration;
import java.time.Instant;

/** Time as retries and tokens see it; tests bring one that does not wait. */
public interface RegistryClock {

  RegistryClock SYSTEM =
      new RegistryClock() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };

  /** The wall clock; only to understand dates that a registry names. */
  Instant now();

  /** The monotonic clock, as {@link System#nanoTime}; for everything that is measured. */
  long nanoTime();

  void sleep(Duration time) throws InterruptedException;
}
