package io.jbuild.builder;

import io.jbuild.isolation.ladder.Standing;
import java.time.Duration;

/**
 * Hears what happens in a build. Plain data, in no order between different steps, and from several
 * threads at once: an implementation guards its own state and returns quickly.
 *
 * <p>Each step is started once, then has any number of output lines, then is finished, cached or
 * failed exactly once. A step that was cancelled because another one failed ends as cancelled.
 */
public interface BuildListener extends TransferListener {
  /** What holds the build's steps back on this machine; the first thing that is said. */
  default void standing(Standing standing) {}

  /** The plan is known: how many steps there are in all. */
  default void planned(int steps) {}

  default void stepStarted(StepInfo step) {}

  /** One line without its newline; a partial last line comes when the process ends. */
  default void stepOutput(StepInfo step, boolean standardError, byte[] line) {}

  /** The step's result came from the cache; it has no {@link #stepFinished} of its own. */
  default void stepCached(StepInfo step) {}

  /** What the command of a step has used; right before the step's end is told. */
  default void stepUsed(StepInfo step, StepUsage usage) {}

  default void stepFinished(StepInfo step, Duration took) {}

  default void stepFailed(StepInfo step, Duration took, String message) {}

  default void stepCancelled(StepInfo step) {}

  /**
   * Something that did not stop the build; one line, with its place in the Buildfile if it has one.
   */
  default void warning(String message) {}

  /** A part of the export begins: {@code exporting layers}, {@code naming to …}. */
  default void exporting(String what) {}

  @Override
  default void transfer(TransferProgress progress) {}

  /** Hears nothing. */
  static BuildListener none() {
    return new BuildListener() {};
  }
}
