package io.jbuild.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time that passes only while somebody sleeps, at once. */
final class FakeClock implements RegistryClock {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final List<Duration> sleeps = new CopyOnWriteArrayList<>();
  private Duration passed = Duration.ZERO;

  @Override
  public synchronized Instant now() {
    return START.plus(passed);
  }

  @Override
  public synchronized long nanoTime() {
    return passed.toNanos();
  }

  @Override
  public synchronized void sleep(Duration time) {
    passed = passed.plus(time);
    sleeps.add(time);
  }
}
