package io.jbuild.cli.progress;

import io.jbuild.builder.StepInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** When each step began, by the monotonic clock. Guarded by its display. */
final class StepClock {
  private final Map<Integer, Long> started = new HashMap<>();

  void start(StepInfo step) {
    started.put(step.id(), System.nanoTime());
  }

  boolean started(StepInfo step) {
    return started.containsKey(step.id());
  }

  Duration elapsed(StepInfo step) {
    long now = System.nanoTime();
    return Duration.ofNanos(now - started.getOrDefault(step.id(), now));
  }

  String elapsedSeconds(StepInfo step) {
    return String.format(Locale.ROOT, "%.3f", elapsed(step).toNanos() / 1e9);
  }
}
