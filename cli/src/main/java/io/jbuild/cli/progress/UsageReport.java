package io.jbuild.cli.progress;

import io.jbuild.builder.StepInfo;
import io.jbuild.builder.StepUsage;
import io.jbuild.builder.TransferProgress;
import io.jbuild.isolation.ladder.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Passes everything on to a display, and remembers what each step has used, failed or not. */
public final class UsageReport implements ProgressMode.ProgressDisplay {
  private final ProgressMode.ProgressDisplay display;
  private final Map<Integer, StepUsage> used = new ConcurrentHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  public UsageReport(ProgressMode.ProgressDisplay display) {
    this.display = display;
  }

  /** One step that ran. */
  public record Row(StepInfo step, Duration took, StepUsage usage) {
    /** Stage, number and instruction, as progress shows them. */
    public String title() {
      return PlainProgress.title(step);
    }
  }

  /** The steps that ran commands, in the order of the Buildfile. */
  public synchronized List<Row> rows() {
    return rows.stream().sorted(Comparator.comparingInt((Row row) -> row.step().id())).toList();
  }

  @Override
  public void stepUsed(StepInfo step, StepUsage usage) {
    used.put(step.id(), usage);
    display.stepUsed(step, usage);
  }

  @Override
  public void stepFinished(StepInfo step, Duration took) {
    ended(step, took);
    display.stepFinished(step, took);
  }

  @Override
  public void stepFailed(StepInfo step, Duration took, String message) {
    ended(step, took);
    display.stepFailed(step, took, message);
  }

  private synchronized void ended(StepInfo step, Duration took) {
    Optional.ofNullable(used.remove(step.id()))
        .ifPresent(usage -> rows.add(new Row(step, took, usage)));
  }

  @Override
  public void standing(Standing standing) {
    display.standing(standing);
  }

  @Override
  public void planned(int steps) {
    display.planned(steps);
  }

  @Override
  public void stepStarted(StepInfo step) {
    display.stepStarted(step);
  }

  @Override
  public void stepOutput(StepInfo step, boolean standardError, byte[] line) {
    display.stepOutput(step, standardError, line);
  }

  @Override
  public void stepCached(StepInfo step) {
    display.stepCached(step);
  }

  @Override
  public void stepCancelled(StepInfo step) {
    display.stepCancelled(step);
  }

  @Override
  public void warning(String message) {
    display.warning(message);
  }

  @Override
  public void exporting(String what) {
    display.exporting(what);
  }

  @Override
  public void transfer(TransferProgress progress) {
    display.transfer(progress);
  }

  @Override
  public void close() {
    display.close();
  }
}
