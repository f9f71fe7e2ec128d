package io.jbuild.isolation.cgroup;

import static io.jbuild.isolation.cgroup.GroupFiles.write;

import io.jbuild.isolation.cgroup.ControlGroup.CpuUse;
import io.jbuild.isolation.cgroup.ControlGroup.DiskUse;
import io.jbuild.isolation.cgroup.ControlGroup.MemoryUse;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.bpf.DeviceProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Version 2: one tree for all controllers. */
final class SecondVersion implements Version {
  static final Version INSTANCE = new SecondVersion();

  private static final int NANOS = 1000;
  private static final Duration FREEZE_TIME = Duration.ofSeconds(10);

  @Override
  public String memberFile() {
    return "cgroup.procs";
  }

  @Override
  public String effective(boolean processors) {
    return processors ? "cpuset.cpus.effective" : "cpuset.mems.effective";
  }

  /** All processes die together when memory runs out: half a pipeline proves nothing. */
  @Override
  public void limitMemory(Path group, MemoryLimit limit) throws IOException {
    if (limit.bytes().isPresent()) {
      write(group, "memory.max", Long.toString(limit.bytes().getAsLong()));
      GroupFiles.writeIfPresent(group, "memory.oom.group", "1");
      long swap = limit.swapAlone();
      if (swap != MemoryLimit.UNLIMITED) {
        String file = "memory.swap.max";
        if (limit.withSwap().isPresent()) {
          GroupFiles.writeNeeded(
              group, file, Long.toString(swap), "the kernel does not count swap (swapaccount=1)");
        } else {
          GroupFiles.writeIfPresent(group, file, "0");
        }
      }
    }
    if (limit.reservation().isPresent()) {
      write(group, "memory.low", Long.toString(limit.reservation().getAsLong()));
    }
  }

  @Override
  public void limitCpu(Path group, CpuLimit limit) throws IOException {
    if (limit.count().isPresent()) {
      long quota = FirstVersion.quota(limit.count().getAsDouble());
      write(group, "cpu.max", quota + " " + FirstVersion.PERIOD_MICROS);
    }
    if (limit.shares().isPresent()) {
      write(group, "cpu.weight", Long.toString(limit.weight()));
    }
  }

  @Override
  public void limitSets(Path group, CpuLimit limit) throws IOException {
    if (limit.processors().isPresent()) {
      write(group, "cpuset.cpus", limit.processors().get().toString());
    }
    if (limit.memoryNodes().isPresent()) {
      write(group, "cpuset.mems", limit.memoryNodes().get().toString());
    }
  }

  /** One line for each device: {@code 254:0 rbps=1048576 wiops=100}. */
  @Override
  public void limitIo(Path group, BlockIo limit) throws IOException {
    List<String> devices =
        limit.rates().stream().map(rate -> rate.device().toString()).distinct().toList();
    for (String device : devices) {
      String rates =
          limit.rates().stream()
              .filter(rate -> rate.device().toString().equals(device))
              .map(rate -> rate.kind().key() + "=" + rate.perSecond())
              .collect(Collectors.joining(" "));
      write(group, "io.max", device + " " + rates);
    }
    if (limit.weight().isPresent()) {
      String weight = Integer.toString(limit.weight().getAsInt());
      GroupFiles.writeFirstPresent(group, List.of("io.bfq.weight", "io.weight"), weight);
    }
  }

  @Override
  public void limitDevices(Path group, GroupLimits limits) throws IOException {
    if (limits.anyDevice()) {
      return;
    }
    List<DeviceRule> rules = new ArrayList<>(DeviceRule.ALWAYS);
    rules.addAll(limits.devices());
    try (KernelDir directory = KernelDir.open(group);
        DeviceProgram program = DeviceProgram.load(DeviceFilter.compile(rules))) {
      program.attach(directory.fd());
    }
  }

  @Override
  public long oomKills(Path group) throws IOException {
    return GroupFiles.keyed(group, "memory.events", "oom_kill").orElse(0);
  }

  @Override
  public MemoryUse memory(Path group) throws IOException {
    return new MemoryUse(
        GroupFiles.number(group, "memory.peak"),
        GroupFiles.number(group, "memory.current"),
        GroupFiles.keyed(group, "memory.stat", "anon"));
  }

  @Override
  public CpuUse cpu(Path group) throws IOException {
    return new CpuUse(
        micros(group, "usage_usec"), micros(group, "user_usec"), micros(group, "system_usec"));
  }

  @Override
  public Duration throttled(Path group) throws IOException {
    return micros(group, "throttled_usec");
  }

  private static Duration micros(Path group, String key) throws IOException {
    return Duration.ofNanos(GroupFiles.keyed(group, "cpu.stat", key).orElse(0) * NANOS);
  }

  /** Lines {@code 254:0 rbytes=4096 wbytes=0 rios=1 …}. */
  @Override
  public DiskUse io(Path group) throws IOException {
    Optional<String> lines = GroupFiles.read(group, "io.stat");
    return lines.isEmpty()
        ? DiskUse.UNKNOWN
        : new DiskUse(
            OptionalLong.of(sum(lines.get(), "rbytes=")),
            OptionalLong.of(sum(lines.get(), "wbytes=")));
  }

  private static long sum(String lines, String key) {
    return Stream.of(lines.split("[ \n]", -1))
        .filter(field -> field.startsWith(key))
        .mapToLong(field -> Long.parseLong(field.substring(key.length())))
        .sum();
  }

  @Override
  public void freeze(Path group, boolean on) throws IOException {
    write(group, "cgroup.freeze", on ? "1" : "0");
    if (!GroupFiles.awaitEvent(group, "frozen " + (on ? "1" : "0"), FREEZE_TIME)) {
      write(group, "cgroup.freeze", "0");
      throw new IOException(
          "control group \"" + group + "\" cannot be frozen: a process sleeps in the kernel");
    }
  }
}
