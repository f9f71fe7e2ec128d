package io.jbuild.cli.progress;

import io.jbuild.builder.StepInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** When each step began, by the monotonic clock, and as the how-manieth. Guarded by its display. */
final class StepClock {
  private final Map<Integer, Long> started = new HashMap<>();
  private final Map<Integer, Integer> numbers = new HashMap<>();

  void start(StepInfo step) {
    started.put(step.id(), System.nanoTime());
  }

  /** 1 for the first step that this was asked for, and so on. */
  int number(StepInfo step) {
    return numbers.computeIfAbsent(step.id(), id -> numbers.size() + 1);
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
