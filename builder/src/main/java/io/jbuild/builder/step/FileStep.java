package io.jbuild.builder.step;

import io.jbuild.builder.StepUsage;
import io.jbuild.builder.UserException;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.util.Optional;

/** A step that may change files. It is prepared (inputs read, names resolved) when it exists. */
public interface FileStep {
  /**
   * All that the result depends on, but how often an equal step was taken before.
   *
   * @param repeat how many equal steps were taken on the way here
   */
  StepKey key(int repeat);

  /** What the history of the image says of it. */
  String createdBy();

  /**
   * Takes the step.
   *
   * @return the layer with what it changed; empty when it changed nothing
   */
  Optional<DiffId> take(StepLog log)
      throws IOException, BuildfileException, UserException, InterruptedException;

  /** What a step has written that is taken for its output; after {@link #take}. */
  default Optional<String> output() {
    return Optional.empty();
  }

  /** What its command has used, if it ran one; after {@link #take}, however that ended. */
  default Optional<StepUsage> usage() {
    return Optional.empty();
  }
}
