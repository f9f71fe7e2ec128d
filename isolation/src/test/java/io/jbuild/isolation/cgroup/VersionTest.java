package io.jbuild.isolation.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.isolation.cgroup.BlockIo.Kind;
import io.jbuild.isolation.cgroup.BlockIo.Rate;
import io.jbuild.isolation.cgroup.ControlGroup.CpuUse;
import io.jbuild.isolation.cgroup.ControlGroup.DiskUse;
import io.jbuild.isolation.cgroup.ControlGroup.MemoryUse;
import io.jbuild.linux.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which value goes to which file, and what is read from which, on both versions. */
class VersionTest {
  private static final long MIB = 1 << 20;
  private static final DeviceNumber DISK = new DeviceNumber(254, 0);

  @TempDir Path work;

  private Path group(String... files) throws IOException {
    Path group = Files.createDirectories(work.resolve("jbuild/a-1"));
    for (String file : files) {
      Files.createFile(group.resolve(file));
    }
    return group;
  }

  private static MemoryLimit memory(long bytes, OptionalLong withSwap) {
    return new MemoryLimit(OptionalLong.of(bytes), withSwap, OptionalLong.of(7 * MIB));
  }

  private static GroupLimits limits(MemoryLimit memory) {
    return GroupLimitsFixture.of(memory, CpuLimit.NONE, BlockIo.NONE);
  }

  private static final CpuLimit CPU =
      new CpuLimit(
          OptionalDouble.of(1.5),
          OptionalLong.of(512),
          Optional.of(NumberSet.parse("0-1")),
          Optional.empty());

  private static final BlockIo IO =
      new BlockIo(
          OptionalInt.of(300),
          List.of(
              new Rate(DISK, Kind.READ_BYTES, MIB),
              new Rate(DISK, Kind.WRITES, 50),
              new Rate(new DeviceNumber(8, 16), Kind.WRITE_BYTES, 2 * MIB)));

  private String file(String name) throws IOException {
    return Files.readString(work.resolve("jbuild/a-1").resolve(name));
  }

  @Test
  void second_memory_isWithoutSwapUnlessAsked() throws Exception {
    Path group = group("memory.max", "memory.swap.max", "memory.oom.group", "memory.low");
    SecondVersion.INSTANCE.apply(
        group, Controller.MEMORY, limits(memory(64 * MIB, OptionalLong.empty())));
    assertEquals("67108864", file("memory.max"));
    assertEquals("0", file("memory.swap.max"));
    assertEquals("1", file("memory.oom.group"));
    assertEquals("7340032", file("memory.low"));
    SecondVersion.INSTANCE.apply(
        group, Controller.MEMORY, limits(memory(64 * MIB, OptionalLong.of(65 * MIB))));
    assertEquals("1048576", file("memory.swap.max"));
  }

  @Test
  void first_memory_limitsTheTotalWithSwap() throws Exception {
    Path group =
        group("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes");
    FirstVersion.INSTANCE.apply(
        group, Controller.MEMORY, limits(memory(64 * MIB, OptionalLong.empty())));
    assertEquals("67108864", file("memory.limit_in_bytes"));
    assertEquals("67108864", file("memory.memsw.limit_in_bytes"));
    assertEquals("7340032", file("memory.soft_limit_in_bytes"));
    FirstVersion.INSTANCE.apply(
        group, Controller.MEMORY, limits(memory(64 * MIB, OptionalLong.of(80 * MIB))));
    assertEquals("83886080", file("memory.memsw.limit_in_bytes"));
  }

  @Test
  void swap_kernelThatDoesNotCountIt_isAnErrorWhenAskedAndNoneOtherwise() throws Exception {
    Path group = group("memory.limit_in_bytes", "memory.soft_limit_in_bytes");
    FirstVersion.INSTANCE.apply(
        group, Controller.MEMORY, limits(memory(64 * MIB, OptionalLong.empty())));
    FirstVersion.INSTANCE.apply(
        group, Controller.MEMORY, limits(memory(64 * MIB, OptionalLong.of(-1))));
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                FirstVersion.INSTANCE.apply(
                    group, Controller.MEMORY, limits(memory(64 * MIB, OptionalLong.of(64 * MIB)))));
    assertEquals(
        "a limit cannot be kept: the kernel does not count swap (swapaccount=1)", e.getMessage());
  }

  @Test
  void second_processors_areQuotaWeightAndSet() throws Exception {
    Path group = group("cpu.max", "cpu.weight", "cpuset.cpus", "pids.max");
    GroupLimits limits = GroupLimitsFixture.of(MemoryLimit.NONE, CPU, BlockIo.NONE);
    SecondVersion.INSTANCE.apply(group, Controller.CPU, limits);
    SecondVersion.INSTANCE.apply(group, Controller.CPU_SET, limits);
    SecondVersion.INSTANCE.apply(group, Controller.PIDS, GroupLimitsFixture.pids(100, true));
    assertEquals("150000 100000", file("cpu.max"));
    assertEquals("50", file("cpu.weight"));
    assertEquals("0-1", file("cpuset.cpus"));
    assertEquals("100", file("pids.max"));
  }

  @Test
  void first_processors_fillTheSetsThatNobodyCouldJoinOtherwise() throws Exception {
    Files.writeString(work.resolve("cpuset.effective_cpus"), "0-3\n");
    Files.writeString(work.resolve("cpuset.effective_mems"), "0\n");
    Path group =
        group("cpu.cfs_period_us", "cpu.cfs_quota_us", "cpu.shares", "cpuset.cpus", "cpuset.mems");
    for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
      Files.createFile(work.resolve("jbuild").resolve(file));
    }
    GroupLimits limits = GroupLimitsFixture.of(MemoryLimit.NONE, CPU, BlockIo.NONE);
    FirstVersion.INSTANCE.apply(group, Controller.CPU, limits);
    FirstVersion.INSTANCE.apply(group, Controller.CPU_SET, limits);
    assertEquals("150000", file("cpu.cfs_quota_us"));
    assertEquals("100000", file("cpu.cfs_period_us"));
    assertEquals("512", file("cpu.shares"));
    assertEquals("0-1", file("cpuset.cpus"));
    assertEquals("0", file("cpuset.mems"));
    assertEquals("0-3", Files.readString(work.resolve("jbuild/cpuset.cpus")));
  }

  @Test
  void weight_ofShares_keepsTheirProportionAndTheDefault() {
    long[][] rows = {{2, 1}, {102, 10}, {512, 50}, {1024, 100}, {2048, 200}, {262_144, 10_000}};
    for (long[] row : rows) {
      CpuLimit limit =
          new CpuLimit(
              OptionalDouble.empty(), OptionalLong.of(row[0]), Optional.empty(), Optional.empty());
      assertEquals(row[1], limit.weight(), "shares " + row[0]);
    }
  }

  @Test
  void second_disks_areALineForEachDevice() throws Exception {
    Path group = group("io.bfq.weight");
    Files.createFile(group.resolve("io.max"));
    BlockIo one = new BlockIo(OptionalInt.of(300), IO.rates().subList(0, 2));
    SecondVersion.INSTANCE.apply(
        group, Controller.IO, GroupLimitsFixture.of(MemoryLimit.NONE, CpuLimit.NONE, one));
    assertEquals("254:0 rbps=1048576 wiops=50", file("io.max"));
    assertEquals("300", file("io.bfq.weight"));
  }

  @Test
  void first_disks_areAFileForEachKind() throws Exception {
    Path group =
        group(
            "blkio.throttle.read_bps_device",
            "blkio.throttle.write_bps_device",
            "blkio.throttle.write_iops_device",
            "blkio.weight");
    FirstVersion.INSTANCE.apply(
        group, Controller.IO, GroupLimitsFixture.of(MemoryLimit.NONE, CpuLimit.NONE, IO));
    assertEquals("254:0 1048576", file("blkio.throttle.read_bps_device"));
    assertEquals("8:16 2097152", file("blkio.throttle.write_bps_device"));
    assertEquals("254:0 50", file("blkio.throttle.write_iops_device"));
    assertEquals("300", file("blkio.weight"));
  }

  @Test
  void apply_fileThatTheKernelLacks_isNamed() throws Exception {
    Path group = group();
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                SecondVersion.INSTANCE.apply(
                    group,
                    Controller.IO,
                    GroupLimitsFixture.of(MemoryLimit.NONE, CpuLimit.NONE, IO)));
    assertEquals(
        "\"" + group.resolve("io.max") + "\" is missing: the kernel cannot do it", e.getMessage());
    assertFalse(Files.exists(group.resolve("io.max")));
  }

  @Test
  void second_use_isReadFromItsFiles() throws Exception {
    Path group = group();
    write("memory.peak", "9000\n");
    write("memory.current", "8000\n");
    write("memory.stat", "anon 7000\nfile 1000\n");
    write("memory.events", "low 0\noom 2\noom_kill 3\noom_group_kill 1\n");
    write("cpu.stat", "usage_usec 30\nuser_usec 20\nsystem_usec 10\nthrottled_usec 5\n");
    write("io.stat", "254:0 rbytes=4096 wbytes=512 rios=1 wios=1\n8:0 rbytes=4 wbytes=0\n");
    assertEquals(
        new MemoryUse(OptionalLong.of(9000), OptionalLong.of(8000), OptionalLong.of(7000)),
        SecondVersion.INSTANCE.memory(group));
    assertEquals(3, SecondVersion.INSTANCE.oomKills(group));
    assertEquals(
        new CpuUse(Duration.ofNanos(30_000), Duration.ofNanos(20_000), Duration.ofNanos(10_000)),
        SecondVersion.INSTANCE.cpu(group));
    assertEquals(Duration.ofNanos(5_000), SecondVersion.INSTANCE.throttled(group));
    assertEquals(
        new DiskUse(OptionalLong.of(4100), OptionalLong.of(512)), SecondVersion.INSTANCE.io(group));
  }

  @Test
  void first_use_isReadFromItsFiles() throws Exception {
    Path group = group();
    write("memory.max_usage_in_bytes", "9000\n");
    write("memory.usage_in_bytes", "8000\n");
    write("memory.stat", "rss 1\ntotal_rss 7000\n");
    write("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
    write("cpuacct.usage", "30\n");
    write("cpuacct.usage_user", "20\n");
    write("cpuacct.usage_sys", "10\n");
    write("cpu.stat", "nr_periods 1\nnr_throttled 1\nthrottled_time 5\n");
    write(
        "blkio.throttle.io_service_bytes_recursive",
        "254:0 Read 4096\n254:0 Write 512\n254:0 Total 4608\nTotal 4608\n");
    assertEquals(
        new MemoryUse(OptionalLong.of(9000), OptionalLong.of(8000), OptionalLong.of(7000)),
        FirstVersion.INSTANCE.memory(group));
    assertEquals(3, FirstVersion.INSTANCE.oomKills(group));
    assertEquals(
        new CpuUse(Duration.ofNanos(30), Duration.ofNanos(20), Duration.ofNanos(10)),
        FirstVersion.INSTANCE.cpu(group));
    assertEquals(Duration.ofNanos(5), FirstVersion.INSTANCE.throttled(group));
    assertEquals(
        new DiskUse(OptionalLong.of(4096), OptionalLong.of(512)), FirstVersion.INSTANCE.io(group));
  }

  @Test
  void use_ofAnEmptyGroup_isUnknown() throws Exception {
    Path group = group();
    for (Version version : List.of(FirstVersion.INSTANCE, SecondVersion.INSTANCE)) {
      assertEquals(MemoryUse.UNKNOWN, version.memory(group));
      assertEquals(DiskUse.UNKNOWN, version.io(group));
      assertEquals(0, version.oomKills(group));
    }
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(work.resolve("jbuild/a-1").resolve(file), content);
  }
}
