package io.jbuild.cli.progress;

import io.jbuild.builder.StepInfo;
import io.jbuild.builder.StepUsage;
import io.jbuild.builder.TransferProgress;
import io.jbuild.cli.text.Sizes;
import io.jbuild.cli.text.Text;
import io.jbuild.cli.text.UsageText;
import io.jbuild.isolation.ladder.Rung;
import io.jbuild.isolation.ladder.Standing;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * One line per event, each with its step's number, so that the lines of steps that run at once can
 * be told apart: {@code #3 [compile 2/4] RUN make}, {@code #3 0.412 cc -c a.c}, {@code #3 done 1.3s
 * cpu 1.1s mem 21.3MiB io 1.2MiB/0B}.
 */
final class PlainProgress implements ProgressMode.ProgressDisplay {
  private final PrintStream err;
  private final StepClock clock = new StepClock();
  private final Map<Integer, StepUsage> used = new HashMap<>();

  PlainProgress(PrintStream err) {
    this.err = err;
  }

  @Override
  public synchronized void standing(Standing standing) {
    if (standing.rung() != Rung.FULL_ROOT) {
      err.println(Text.printable(standing.toString()));
    }
  }

  @Override
  public synchronized void stepStarted(StepInfo step) {
    clock.start(step);
    line(step, title(step));
  }

  @Override
  public synchronized void stepOutput(StepInfo step, boolean standardError, byte[] output) {
    line(step, clock.elapsedSeconds(step) + " " + Text.printable(output));
  }

  @Override
  public synchronized void stepCached(StepInfo step) {
    if (!clock.started(step)) {
      line(step, title(step));
    }
    line(step, "cached");
  }

  @Override
  public synchronized void stepUsed(StepInfo step, StepUsage usage) {
    used.put(step.id(), usage);
  }

  /** Behind the time that the step took. */
  private String usage(StepInfo step) {
    StepUsage usage = used.remove(step.id());
    return usage == null ? "" : "  " + UsageText.brief(usage);
  }

  @Override
  public synchronized void stepFinished(StepInfo step, Duration took) {
    line(step, "done " + Text.seconds(took) + usage(step));
  }

  @Override
  public synchronized void stepFailed(StepInfo step, Duration took, String message) {
    line(step, "failed after " + Text.seconds(took) + usage(step) + ": " + Text.printable(message));
  }

  @Override
  public synchronized void stepCancelled(StepInfo step) {
    line(step, "cancelled");
  }

  @Override
  public synchronized void warning(String message) {
    err.println("warning: " + Text.printable(message));
  }

  @Override
  public synchronized void exporting(String what) {
    err.println(Text.printable(what));
  }

  @Override
  public synchronized void transfer(TransferProgress progress) {
    if (progress.finished()) {
      err.println(
          progress.action()
              + " "
              + Text.printable(progress.subject())
              + " "
              + Sizes.human(progress.doneBytes()));
    }
  }

  @Override
  public synchronized void close() {
    err.flush();
  }

  static String title(StepInfo step) {
    String stage = Character.isDigit(step.stage().charAt(0)) ? "stage-" : "";
    return "["
        + step.platform().map(platform -> platform + " ").orElse("")
        + stage
        + step.stage()
        + " "
        + step.number()
        + "/"
        + step.total()
        + "] "
        + Text.printable(step.title());
  }

  private void line(StepInfo step, String text) {
    err.println("#" + clock.number(step) + " " + text);
  }
}
