package io.jbuild.builder.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.isolation.ProcessLimit;
import io.jbuild.isolation.ProcessLimit.Resource;
import io.jbuild.isolation.cgroup.LimitException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Limits of a step over those of the build. */
class ResourceLimitsTest {
  private static final long GIB = 1 << 30;

  private static ResourceLimits memory(long bytes) {
    return ResourceLimits.NONE.withMemory(bytes);
  }

  @Test
  void over_ownMemoryHoldsWhereItIsTheSmaller() {
    assertEquals(OptionalLong.of(GIB), memory(GIB).over(memory(2 * GIB)).memoryBytes());
    assertEquals(OptionalLong.of(GIB), memory(2 * GIB).over(memory(GIB)).memoryBytes());
    assertEquals(OptionalLong.of(GIB), memory(GIB).over(ResourceLimits.NONE).memoryBytes());
    assertEquals(OptionalLong.of(GIB), ResourceLimits.NONE.over(memory(GIB)).memoryBytes());
  }

  @Test
  void over_swapBelongsToTheMemoryThatItWasNamedWith() {
    ResourceLimits build = memory(2 * GIB).withMemoryAndSwap(4 * GIB);
    assertEquals(OptionalLong.empty(), memory(GIB).over(build).memoryAndSwap());
    assertEquals(OptionalLong.of(4 * GIB), ResourceLimits.NONE.over(build).memoryAndSwap());
  }

  @Test
  void over_swapIsCappedAsWell() {
    ResourceLimits wanted = memory(GIB).withMemoryAndSwap(-1);
    assertEquals(OptionalLong.of(-1), wanted.over(ResourceLimits.NONE).memoryAndSwap());
    assertEquals(OptionalLong.of(2 * GIB), wanted.over(memory(2 * GIB)).memoryAndSwap());
    assertEquals(
        OptionalLong.of(-1), wanted.over(memory(2 * GIB).withMemoryAndSwap(-1)).memoryAndSwap());
    assertEquals(
        OptionalLong.of(3 * GIB),
        wanted.over(memory(2 * GIB).withMemoryAndSwap(3 * GIB)).memoryAndSwap());
  }

  @Test
  void over_otherwiseTheStepHasTheLastWord() {
    ResourceLimits build =
        ResourceLimits.NONE
            .withCpus(1)
            .withCpuShares(100)
            .withPids(10)
            .withProcess(new ProcessLimit(Resource.CORE, 0, 0))
            .withProcess(new ProcessLimit(Resource.NOFILE, 1, 1));
    ResourceLimits merged =
        ResourceLimits.NONE
            .withCpus(2)
            .withPids(-1)
            .withProcess(new ProcessLimit(Resource.NOFILE, 2, 2))
            .over(build);
    assertEquals(OptionalDouble.of(2), merged.cpu().count());
    assertEquals(OptionalLong.of(100), merged.cpu().shares());
    assertEquals(OptionalLong.of(-1), merged.pids());
    assertEquals(
        List.of(new ProcessLimit(Resource.CORE, 0, 0), new ProcessLimit(Resource.NOFILE, 2, 2)),
        merged.ofProcesses());
  }

  @Test
  void inSandbox_refusesSwapWithoutMemory() {
    ResourceLimits swap = ResourceLimits.NONE.withMemoryAndSwap(GIB);
    assertThrows(LimitException.class, swap::inSandbox);
    assertEquals(OptionalLong.of(GIB), swap.over(memory(GIB)).inSandbox().memoryBytes());
  }

  @Test
  void timeoutOfZero_isNone_whateverTheBuildSays() {
    StepLimits build = StepLimits.NONE.withTimeout(Duration.ofSeconds(5));
    assertEquals(Optional.of(Duration.ofSeconds(5)), StepLimits.NONE.over(build).patience());
    assertEquals(
        Optional.empty(), StepLimits.NONE.withTimeout(Duration.ZERO).over(build).patience());
    assertEquals(1, StepLimits.NONE.over(build).tries().tries());
  }
}
