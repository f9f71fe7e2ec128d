package io.jbuild.builder;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What one sandbox may use; empty means no limit of ours. */
public record ResourceLimits(OptionalLong memoryBytes, OptionalDouble cpus, OptionalLong pids) {
  public static ResourceLimits none() {
    return new ResourceLimits(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.empty());
  }
}
