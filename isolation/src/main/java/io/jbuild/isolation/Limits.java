package io.jbuild.isolation;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a sandbox may use; an empty value is no limit of its own.
 *
 * @param sharedMemoryBytes the size of /dev/shm; empty for 64 MiB
 * @param ofProcesses instead of the defaults of their resources, each of which is named once
 */
public record Limits(
    OptionalLong memoryBytes,
    OptionalDouble cpus,
    OptionalLong pids,
    OptionalLong sharedMemoryBytes,
    List<ProcessLimit> ofProcesses) {
  public static final long DEFAULT_PIDS = 4096;

  /** Enough processes for any build, and too few to take the machine down. */
  public static final Limits DEFAULT =
      new Limits(
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalLong.of(DEFAULT_PIDS),
          OptionalLong.empty(),
          List.of());

  public Limits {
    ofProcesses = List.copyOf(ofProcesses);
    requirePositive(memoryBytes, "bytes of memory");
    requirePositive(pids, "processes");
    requirePositive(sharedMemoryBytes, "bytes of shared memory");
    if (cpus.isPresent() && !(cpus.getAsDouble() >= 0.01 && cpus.getAsDouble() <= 10_000)) {
      throw new IllegalArgumentException("limit of " + cpus.getAsDouble() + " CPUs");
    }
    if (ofProcesses.stream().map(ProcessLimit::resource).distinct().count() < ofProcesses.size()) {
      throw new IllegalArgumentException("a resource is limited twice: " + ofProcesses);
    }
  }

  private static void requirePositive(OptionalLong value, String what) {
    if (value.isPresent() && value.getAsLong() <= 0) {
      throw new IllegalArgumentException("limit of " + value.getAsLong() + " " + what);
    }
  }

  public Limits withMemory(OptionalLong bytes) {
    return new Limits(bytes, cpus, pids, sharedMemoryBytes, ofProcesses);
  }

  public Limits withMemory(long bytes) {
    return withMemory(OptionalLong.of(bytes));
  }

  public Limits withCpus(OptionalDouble count) {
    return new Limits(memoryBytes, count, pids, sharedMemoryBytes, ofProcesses);
  }

  public Limits withCpus(double count) {
    return withCpus(OptionalDouble.of(count));
  }

  public Limits withPids(long count) {
    return new Limits(memoryBytes, cpus, OptionalLong.of(count), sharedMemoryBytes, ofProcesses);
  }

  public Limits withSharedMemory(OptionalLong bytes) {
    return new Limits(memoryBytes, cpus, pids, bytes, ofProcesses);
  }

  public Limits withProcesses(List<ProcessLimit> limits) {
    return new Limits(memoryBytes, cpus, pids, sharedMemoryBytes, limits);
  }
}
