package io.jbuild.builder.e2e;

import io.jbuild.builder.BuildListener;
import io.jbuild.builder.StepInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a build tells. */
final class Recorder implements BuildListener {
  private final List<String> ran = new ArrayList<>();
  private final List<String> cached = new ArrayList<>();
  private final List<String> output = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  @Override
  public synchronized void stepFinished(StepInfo step, Duration took) {
    ran.add(step.title());
  }

  @Override
  public synchronized void stepCached(StepInfo step) {
    if (!step.title().startsWith("FROM")) {
      cached.add(step.title());
    }
  }

  @Override
  public synchronized void stepOutput(StepInfo step, boolean standardError, byte[] line) {
    output.add(new String(line, StandardCharsets.UTF_8));
  }

  @Override
  public synchronized void warning(String message) {
    warnings.add(message);
  }

  synchronized List<String> ran() {
    return List.copyOf(ran);
  }

  synchronized List<String> cached() {
    return List.copyOf(cached);
  }

  synchronized List<String> output() {
    return List.copyOf(output);
  }

  synchronized List<String> warnings() {
    return List.copyOf(warnings);
  }
}
