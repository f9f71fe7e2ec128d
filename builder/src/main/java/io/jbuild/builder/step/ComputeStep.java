package io.jbuild.builder.step;

import io.jbuild.builder.UserException;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.run.CapturedOutput;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code ARG name=$(command)}: a RUN whose output is kept, and whose changes are not. Its record
 * has the value, so that the cache answers it.
 */
public final class ComputeStep implements FileStep {
  private final ComputedArg arg;
  private final RunStep run;
  private final Cancellation build;
  private Optional<String> value = Optional.empty();

  /**
   * @param run the command with its mounts
   * @param build what ends the build ends the command
   */
  public ComputeStep(ComputedArg arg, RunStep run, Cancellation build) {
    this.arg = arg;
    this.run = run;
    this.build = build;
  }

  @Override
  public StepKey key(int repeat) {
    return run.key("arg", repeat);
  }

  @Override
  public String createdBy() {
    return "ARG " + arg.name();
  }

  @Override
  public Optional<DiffId> take(StepLog log)
      throws IOException, BuildfileException, UserException, InterruptedException {
    Cancellation own = new Cancellation();
    CapturedOutput output = new CapturedOutput(() -> own.cancel(Cancellation.Strength.HARD));
    Cancellation.Registration registration = build.onCancel(own::cancel);
    try {
      Optional<DiffId> unused = run.take(log, Optional.of(output), own);
    } catch (UserException e) {
      checkSize(output);
      throw e;
    } finally {
      registration.close();
    }
    checkSize(output);
    try {
      value = Optional.of(output.value());
    } catch (UserException e) {
      throw problem(String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** A command that was killed for its output failed for that reason alone. */
  private void checkSize(CapturedOutput output) throws BuildfileException {
    if (output.overflowed()) {
      throw problem(
          "its output is larger than the " + CapturedOutput.MAX_BYTES / 1024 + " KiB of a value");
    }
  }

  private BuildfileException problem(String what) {
    return arg.origin().error("ARG " + arg.name() + "=$(command): " + what);
  }

  @Override
  public Optional<String> output() {
    return value;
  }
}
