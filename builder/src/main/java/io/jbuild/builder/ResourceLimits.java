package io.jbuild.builder;

import io.jbuild.isolation.Limits;
import io.jbuild.isolation.ProcessLimit;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What one sandbox may use; empty means no limit of ours.
 *
 * @param sharedMemoryBytes the size of /dev/shm
 * @param ofProcesses {@code --ulimit}, each resource once
 */
public record ResourceLimits(
    OptionalLong memoryBytes,
    OptionalDouble cpus,
    OptionalLong pids,
    OptionalLong sharedMemoryBytes,
    List<ProcessLimit> ofProcesses) {
  public ResourceLimits {
    ofProcesses = List.copyOf(ofProcesses);
  }

  public static ResourceLimits none() {
    return new ResourceLimits(
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        List.of());
  }

  /** As a sandbox takes them: there are always fewer processes than would harm the machine. */
  public Limits inSandbox() {
    return Limits.DEFAULT
        .withMemory(memoryBytes)
        .withCpus(cpus)
        .withPids(pids)
        .withSharedMemory(sharedMemoryBytes)
        .withProcesses(ofProcesses);
  }
}
