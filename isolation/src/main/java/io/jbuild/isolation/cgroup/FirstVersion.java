package io.jbuild.isolation.cgroup;

import static io.jbuild.isolation.cgroup.GroupFiles.write;

import io.jbuild.isolation.cgroup.ControlGroup.CpuUse;
import io.jbuild.isolation.cgroup.ControlGroup.DiskUse;
import io.jbuild.isolation.cgroup.ControlGroup.MemoryUse;
import io.jbuild.linux.UserNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Version 1: a tree per controller, with files that begin with its name. */
final class FirstVersion implements Version {
  static final Version INSTANCE = new FirstVersion();

  static final int PERIOD_MICROS = 100_000;
  private static final int MIN_QUOTA_MICROS = 1_000;

  /** A process that is being made, or sleeps in the kernel, freezes late: asked again till then. */
  private static final int FREEZE_ATTEMPTS = 500;

  /** As {@code tasks} moves the calling thread alone, which takes no lock of the whole machine. */
  @Override
  public String memberFile() {
    return "tasks";
  }

  @Override
  public String effective(boolean processors) {
    return processors ? "cpuset.effective_cpus" : "cpuset.effective_mems";
  }

  @Override
  public void limitMemory(Path group, MemoryLimit limit) throws IOException {
    if (limit.bytes().isPresent()) {
      long bytes = limit.bytes().getAsLong();
      write(group, "memory.limit_in_bytes", Long.toString(bytes));
      if (limit.swapAlone() != MemoryLimit.UNLIMITED) {
        String total = Long.toString(bytes + limit.swapAlone());
        String file = "memory.memsw.limit_in_bytes";
        if (limit.withSwap().isPresent()) {
          GroupFiles.writeNeeded(
              group, file, total, "the kernel does not count swap (swapaccount=1)");
        } else {
          GroupFiles.writeIfPresent(group, file, total);
        }
      }
    }
    if (limit.reservation().isPresent()) {
      String bytes = Long.toString(limit.reservation().getAsLong());
      write(group, "memory.soft_limit_in_bytes", bytes);
    }
  }

  @Override
  public void limitCpu(Path group, CpuLimit limit) throws IOException {
    if (limit.count().isPresent()) {
      write(group, "cpu.cfs_period_us", Integer.toString(PERIOD_MICROS));
      write(group, "cpu.cfs_quota_us", Long.toString(quota(limit.count().getAsDouble())));
    }
    if (limit.shares().isPresent()) {
      write(group, "cpu.shares", Long.toString(limit.shares().getAsLong()));
    }
  }

  /** Of a tenth of a second. */
  static long quota(double processors) {
    return Math.max(MIN_QUOTA_MICROS, Math.round(processors * PERIOD_MICROS));
  }

  /** A new group has no processor and no memory node at all: nobody could join it. */
  @Override
  public void limitSets(Path group, CpuLimit limit) throws IOException {
    Path parent = GroupFiles.parent(group);
    inherit(parent, "cpuset.cpus", "cpuset.effective_cpus");
    inherit(parent, "cpuset.mems", "cpuset.effective_mems");
    fill(group, "cpuset.cpus", limit.processors().map(NumberSet::toString), parent);
    fill(group, "cpuset.mems", limit.memoryNodes().map(NumberSet::toString), parent);
  }

  private static void inherit(Path group, String file, String effective) throws IOException {
    if (GroupFiles.read(group, file).orElse("").isEmpty()) {
      Optional<String> above = GroupFiles.read(GroupFiles.parent(group), effective);
      write(group, file, above.orElse("0"));
    }
  }

  private static void fill(Path group, String file, Optional<String> wanted, Path parent)
      throws IOException {
    String value = wanted.isPresent() ? wanted.get() : GroupFiles.read(parent, file).orElse("0");
    write(group, file, value);
  }

  @Override
  public void limitIo(Path group, BlockIo limit) throws IOException {
    for (BlockIo.Rate rate : limit.rates()) {
      write(group, rate.kind().file(), rate.device() + " " + rate.perSecond());
    }
    if (limit.weight().isPresent()) {
      String weight = Integer.toString(limit.weight().getAsInt());
      GroupFiles.writeFirstPresent(group, List.of("blkio.bfq.weight", "blkio.weight"), weight);
    }
  }

  /** Only root of the machine may; who is not makes no device nodes either. */
  @Override
  public void limitDevices(Path group, GroupLimits limits) throws IOException {
    if (!limits.anyDevice() && UserNamespace.current().isInitial()) {
      write(group, "devices.deny", "a");
      for (DeviceRule rule : DeviceRule.ALWAYS) {
        write(group, "devices.allow", rule.toString());
      }
      for (DeviceRule rule : limits.devices()) {
        write(group, "devices.allow", rule.toString());
      }
    }
  }

  @Override
  public long oomKills(Path group) throws IOException {
    return GroupFiles.keyed(group, "memory.oom_control", "oom_kill").orElse(0);
  }

  @Override
  public MemoryUse memory(Path group) throws IOException {
    return new MemoryUse(
        GroupFiles.number(group, "memory.max_usage_in_bytes"),
        GroupFiles.number(group, "memory.usage_in_bytes"),
        GroupFiles.keyed(group, "memory.stat", "total_rss"));
  }

  @Override
  public CpuUse cpu(Path group) throws IOException {
    return new CpuUse(
        nanos(GroupFiles.number(group, "cpuacct.usage")),
        nanos(GroupFiles.number(group, "cpuacct.usage_user")),
        nanos(GroupFiles.number(group, "cpuacct.usage_sys")));
  }

  @Override
  public Duration throttled(Path group) throws IOException {
    return nanos(GroupFiles.keyed(group, "cpu.stat", "throttled_time"));
  }

  private static Duration nanos(OptionalLong count) {
    return Duration.ofNanos(count.orElse(0));
  }

  /** Lines {@code 254:0 Read 4096}; what the kernel writes back later belongs to no group here. */
  @Override
  public DiskUse io(Path group) throws IOException {
    String file = "blkio.throttle.io_service_bytes_recursive";
    Optional<String> lines = GroupFiles.read(group, file);
    return lines.isEmpty()
        ? DiskUse.UNKNOWN
        : new DiskUse(
            OptionalLong.of(sum(lines.get(), "Read")), OptionalLong.of(sum(lines.get(), "Write")));
  }

  private static long sum(String lines, String what) {
    return lines
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length == 3 && fields[1].equals(what))
        .mapToLong(fields -> Long.parseLong(fields[2]))
        .sum();
  }

  /** The kernel looks again at the group's processes whenever the state is read. */
  @Override
  public void freeze(Path group, boolean on) throws IOException {
    String wanted = on ? "FROZEN" : "THAWED";
    write(group, "freezer.state", wanted);
    for (int i = 0; i < FREEZE_ATTEMPTS; i++) {
      if (GroupFiles.read(group, "freezer.state").orElse("").equals(wanted)) {
        return;
      }
      GroupFiles.pause();
    }
    write(group, "freezer.state", "THAWED");
    throw new IOException("control group \"" + group + "\" does not become " + wanted);
  }
}
