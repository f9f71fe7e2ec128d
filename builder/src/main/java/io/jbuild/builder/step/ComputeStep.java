package io.jbuild.builder.step;

import io.jbuild.builder.StepUsage;
import io.jbuild.builder.UserException;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.run.CapturedOutput;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * {@code ARG name=$(command)}: a RUN whose output is kept, and whose changes are not. Its record
 * has the value, so that the cache answers it.
 */
public final class ComputeStep implements FileStep {
  private final ComputedArg arg;
  private final RunStep run;
  private final Cancellation build;
  private CapturedOutput captured = new CapturedOutput(() -> {});
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
    Runnable tooMuch = () -> own.cancel(Cancellation.Strength.HARD);
    Cancellation.Registration registration = build.onCancel(own::cancel);
    try {
      Optional<DiffId> unused = run.take(log, Optional.of(() -> begin(tooMuch)), own);
    } catch (UserException e) {
      checkSize();
      throw e;
    } finally {
      registration.close();
    }
    checkSize();
    try {
      value = Optional.of(captured.value());
    } catch (UserException e) {
      throw problem(String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** Every try says it from the beginning. */
  private OutputStream begin(Runnable tooMuch) {
    captured = new CapturedOutput(tooMuch);
    return captured;
  }

  /** A command that was killed for its output failed for that reason alone. */
  private void checkSize() throws BuildfileException {
    if (captured.overflowed()) {
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

  @Override
  public Optional<StepUsage> usage() {
    return run.usage();
  }
}
