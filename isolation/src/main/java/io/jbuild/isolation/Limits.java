package io.jbuild.isolation;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What a sandbox may use; an empty value is no limit of its own. */
public record Limits(OptionalLong memoryBytes, OptionalDouble cpus, OptionalLong pids) {
  public static final long DEFAULT_PIDS = 4096;

  /** Enough processes for any build, and too few to take the machine down. */
  public static final Limits DEFAULT =
      new Limits(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.of(DEFAULT_PIDS));

  public Limits {
    if (memoryBytes.isPresent() && memoryBytes.getAsLong() <= 0) {
      throw new IllegalArgumentException("memory limit of " + memoryBytes.getAsLong() + " bytes");
    }
    if (cpus.isPresent() && !(cpus.getAsDouble() >= 0.01 && cpus.getAsDouble() <= 10_000)) {
      throw new IllegalArgumentException("limit of " + cpus.getAsDouble() + " CPUs");
    }
    if (pids.isPresent() && pids.getAsLong() <= 0) {
      throw new IllegalArgumentException("limit of " + pids.getAsLong() + " processes");
    }
  }

  public Limits withMemory(long bytes) {
    return new Limits(OptionalLong.of(bytes), cpus, pids);
  }

  public Limits withCpus(double count) {
    return new Limits(memoryBytes, OptionalDouble.of(count), pids);
  }

  public Limits withPids(long count) {
    return new Limits(memoryBytes, cpus, OptionalLong.of(count));
  }
}
