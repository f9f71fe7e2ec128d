package io.jbuild.builder.step;

import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A mount of a RUN, its sources found. */
public interface StepMount {
  /** What of it the result of the step depends on; never a value of a secret. */
  List<String> keyFields();

  /** What it locks; empty when it locks nothing. */
  default String lockName() {
    return "";
  }

  /** Opens what is needed, and adds mounts, files and variables. */
  void add(StepResources resources, Map<String, String> env)
      throws IOException, BuildfileException, UserException, InterruptedException;
}
