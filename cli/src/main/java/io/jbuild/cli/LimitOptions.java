package io.jbuild.cli;

import io.jbuild.builder.value.LimitText;
import io.jbuild.builder.value.ResourceLimits;
import io.jbuild.isolation.ProcessLimit;
import io.jbuild.isolation.cgroup.BlockIo;
import io.jbuild.isolation.cgroup.LimitException;
import io.jbuild.isolation.cgroup.NumberSet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a sandbox may use: the same options for the steps of a build and for {@code run}. */
final class LimitOptions {
  @Option(
      names = {"-m", "--memory"},
      paramLabel = "SIZE",
      description = "Memory limit, for example 512m; what passes it is killed.")
  @Nullable String memory;

  @Option(
      names = "--memory-swap",
      paramLabel = "SIZE",
      description = "Limit of memory and swap together; -1 is none (default: no swap).")
  @Nullable String memoryAndSwap;

  @Option(
      names = "--memory-reservation",
      paramLabel = "SIZE",
      description = "Memory that is left to it when the machine is short.")
  @Nullable String memoryReservation;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      description = "Share of the processors: 0.5 is half of one core.")
  @Nullable String cpus;

  @Option(
      names = "--cpu-quota",
      paramLabel = "MICROSECONDS",
      description = "Processor time in each period, instead of --cpus.")
  @Nullable String cpuQuota;

  @Option(
      names = "--cpu-period",
      paramLabel = "MICROSECONDS",
      description = "What --cpu-quota is a part of (default: 100000).")
  @Nullable String cpuPeriod;

  @Option(
      names = {"-c", "--cpu-shares"},
      paramLabel = "N",
      description = "Part of processors that are busy; others have 1024.")
  @Nullable String cpuShares;

  @Option(
      names = "--cpuset-cpus",
      paramLabel = "LIST",
      description = "Processors that may be used: 0-1,3.")
  @Nullable String processors;

  @Option(
      names = "--cpuset-mems",
      paramLabel = "LIST",
      description = "Memory nodes that may be used.")
  @Nullable String memoryNodes;

  @Option(
      names = "--pids-limit",
      paramLabel = "N",
      description = "How many processes and threads may exist at once; -1 is any number.")
  @Nullable String pids;

  @Option(
      names = "--shm-size",
      paramLabel = "SIZE",
      description = "Size of /dev/shm (default: 64m).")
  @Nullable String sharedMemory;

  @Option(
      names = "--ulimit",
      paramLabel = "NAME=SOFT[:HARD]",
      description = "A limit of each process, for example nofile=1024:4096; -1 is none.")
  List<String> processes = List.of();

  @Option(
      names = "--device-read-bps",
      paramLabel = "DEVICE:RATE",
      description = "Bytes per second read from a disk: /dev/sda:10m.")
  List<String> readBytes = List.of();

  @Option(
      names = "--device-write-bps",
      paramLabel = "DEVICE:RATE",
      description = "Bytes per second written to a disk.")
  List<String> writtenBytes = List.of();

  @Option(
      names = "--device-read-iops",
      paramLabel = "DEVICE:RATE",
      description = "Reads per second of a disk: /dev/sda:100.")
  List<String> reads = List.of();

  @Option(
      names = "--device-write-iops",
      paramLabel = "DEVICE:RATE",
      description = "Writes per second to a disk.")
  List<String> writes = List.of();

  @Option(
      names = "--blkio-weight",
      paramLabel = "N",
      description = "Part of disks that are busy, 10 to 1000; others have 100.")
  @Nullable String diskWeight;

  /** Values that cannot be, or contradict each other, are told with their option. */
  ResourceLimits limits() throws IOException {
    ResourceLimits all = ResourceLimits.NONE;
    all = put(all, "--memory", memory, (l, v) -> l.withMemory(LimitText.memory(v)));
    all =
        put(
            all,
            "--memory-swap",
            memoryAndSwap,
            (l, v) -> l.withMemoryAndSwap(LimitText.memoryAndSwap(v)));
    all =
        put(
            all,
            "--memory-reservation",
            memoryReservation,
            (l, v) -> l.withMemoryReservation(LimitText.size(v)));
    all = withCpus(all);
    all = put(all, "--cpu-shares", cpuShares, (l, v) -> l.withCpuShares(LimitText.shares(v)));
    all = put(all, "--cpuset-cpus", processors, (l, v) -> l.withProcessors(NumberSet.parse(v)));
    all = put(all, "--cpuset-mems", memoryNodes, (l, v) -> l.withMemoryNodes(NumberSet.parse(v)));
    all = put(all, "--pids-limit", pids, (l, v) -> l.withPids(LimitText.pids(v)));
    all = put(all, "--shm-size", sharedMemory, (l, v) -> l.withSharedMemory(LimitText.size(v)));
    for (String each : processes) {
      all = put(all, "--ulimit", each, (l, v) -> l.withProcess(ulimit(v)));
    }
    all = all.withIo(disks());
    checkTogether(all);
    return all;
  }

  private static ProcessLimit ulimit(String text) {
    return LimitText.ulimit(text);
  }

  private ResourceLimits withCpus(ResourceLimits all) {
    if (cpus != null && (cpuQuota != null || cpuPeriod != null)) {
      throw new TypeConversionException("--cpus and --cpu-quota limit the same: give one of them");
    }
    if (cpuQuota == null && cpuPeriod == null) {
      return put(all, "--cpus", cpus, (l, v) -> l.withCpus(LimitText.cpus(v)));
    }
    try {
      return LimitText.cpus(Optional.ofNullable(cpuQuota), Optional.ofNullable(cpuPeriod))
          .map(all::withCpus)
          .orElse(all);
    } catch (LimitException e) {
      throw new TypeConversionException("--cpu-quota, --cpu-period: " + e.getMessage());
    }
  }

  private BlockIo disks() throws IOException {
    BlockIo io = BlockIo.NONE;
    io = rates(io, "--device-read-bps", BlockIo.Kind.READ_BYTES, readBytes);
    io = rates(io, "--device-write-bps", BlockIo.Kind.WRITE_BYTES, writtenBytes);
    io = rates(io, "--device-read-iops", BlockIo.Kind.READS, reads);
    io = rates(io, "--device-write-iops", BlockIo.Kind.WRITES, writes);
    return put(io, "--blkio-weight", diskWeight, (all, v) -> all.withWeight(weight(v)));
  }

  private static int weight(String text) {
    return (int) Math.min(LimitText.number(text), Integer.MAX_VALUE);
  }

  private static BlockIo rates(BlockIo io, String option, BlockIo.Kind kind, List<String> texts)
      throws IOException {
    BlockIo all = io;
    for (String text : texts) {
      try {
        all = all.with(LimitText.rate(kind, text));
      } catch (LimitException e) {
        throw new TypeConversionException(option + ": " + e.getMessage());
      }
    }
    return all;
  }

  private static void checkTogether(ResourceLimits all) {
    try {
      all.inSandbox();
    } catch (LimitException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  static <T> T put(T to, String option, @Nullable String value, BiFunction<T, String, T> change) {
    if (value == null) {
      return to;
    }
    try {
      return change.apply(to, value);
    } catch (LimitException e) {
      throw new TypeConversionException(option + ": " + e.getMessage());
    }
  }
}
