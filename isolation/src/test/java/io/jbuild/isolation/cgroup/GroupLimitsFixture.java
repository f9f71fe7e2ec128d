package io.jbuild.isolation.cgroup;

import java.util.List;
import java.util.OptionalLong;

/** Limits of groups for tests: one at a time. */
final class GroupLimitsFixture {
  static final GroupLimits NONE = of(MemoryLimit.NONE, CpuLimit.NONE, BlockIo.NONE);

  private GroupLimitsFixture() {}

  static GroupLimits of(MemoryLimit memory, CpuLimit cpu, BlockIo io) {
    return new GroupLimits(memory, cpu, OptionalLong.empty(), false, io, false, List.of());
  }

  static GroupLimits pids(long count, boolean asked) {
    return new GroupLimits(
        MemoryLimit.NONE,
        CpuLimit.NONE,
        OptionalLong.of(count),
        asked,
        BlockIo.NONE,
        false,
        List.of());
  }
}
