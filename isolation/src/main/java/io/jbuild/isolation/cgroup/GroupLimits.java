package io.jbuild.isolation.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a group may use; an empty value is no limit of its own.
 *
 * @param anyDevice whether devices other than those of a sandbox's own /dev may be used
 * @param devices lines for the device list beyond those of every sandbox: {@code c 10:200 rwm}
 */
public record GroupLimits(
    MemoryLimit memory, CpuLimit cpu, OptionalLong pids, boolean anyDevice, List<String> devices) {
  private static final int PERIOD_MICROS = 100_000;
  private static final int MIN_QUOTA_MICROS = 1_000;

  /** null zero full random urandom tty console ptmx, and the terminals of our own devpts. */
  private static final List<String> DEVICES =
      List.of(
          "c 1:3 rwm",
          "c 1:5 rwm",
          "c 1:7 rwm",
          "c 1:8 rwm",
          "c 1:9 rwm",
          "c 5:0 rwm",
          "c 5:1 rwm",
          "c 5:2 rwm",
          "c 136:* rwm");

  public GroupLimits {
    devices = List.copyOf(devices);
  }

  /** Sets those limits that the hierarchy can keep. */
  void apply(Hierarchy hierarchy, Path group) throws IOException {
    if (hierarchy.has("memory") && memory.bytes().isPresent()) {
      limitMemory(group, hierarchy.unified(), Long.toString(memory.bytes().getAsLong()));
    }
    if (hierarchy.has("cpu") && cpu.count().isPresent()) {
      long quota =
          Math.max(MIN_QUOTA_MICROS, Math.round(cpu.count().getAsDouble() * PERIOD_MICROS));
      limitCpu(group, hierarchy.unified(), quota);
    }
    if (hierarchy.has("pids") && pids.isPresent()) {
      GroupFiles.write(group, "pids.max", Long.toString(pids.getAsLong()));
    }
    if (hierarchy.has("devices") && !anyDevice) {
      GroupFiles.write(group, "devices.deny", "a");
      for (String device : DEVICES) {
        GroupFiles.write(group, "devices.allow", device);
      }
      for (String device : devices) {
        GroupFiles.write(group, "devices.allow", device);
      }
    }
  }

  /** Without swap, so that the limit means the same on every machine. */
  private static void limitMemory(Path group, boolean unified, String bytes) throws IOException {
    if (unified) {
      GroupFiles.write(group, "memory.max", bytes);
      GroupFiles.writeIfPresent(group, "memory.swap.max", "0");
      GroupFiles.writeIfPresent(group, "memory.oom.group", "1");
    } else {
      GroupFiles.write(group, "memory.limit_in_bytes", bytes);
      GroupFiles.writeIfPresent(group, "memory.memsw.limit_in_bytes", bytes);
    }
  }

  private static void limitCpu(Path group, boolean unified, long quota) throws IOException {
    if (unified) {
      GroupFiles.write(group, "cpu.max", quota + " " + PERIOD_MICROS);
    } else {
      GroupFiles.write(group, "cpu.cfs_period_us", Integer.toString(PERIOD_MICROS));
      GroupFiles.write(group, "cpu.cfs_quota_us", Long.toString(quota));
    }
  }
}
