package io.jbuild.isolation.cgroup;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a group may use; an empty value is no limit of its own.
 *
 * @param pidsAreAsked whether somebody asked for that number of processes; otherwise it is a
 *     precaution, left out where no controller can keep it
 * @param anyDevice whether devices other than those of a sandbox's own /dev may be used
 * @param devices beyond those of every sandbox
 */
public record GroupLimits(
    MemoryLimit memory,
    CpuLimit cpu,
    OptionalLong pids,
    boolean pidsAreAsked,
    BlockIo io,
    boolean anyDevice,
    List<DeviceRule> devices) {
  public GroupLimits {
    devices = List.copyOf(devices);
  }

  /** What has to be kept, by the controllers that it takes, in words for an error. */
  Map<Controller, String> asked() {
    Map<Controller, String> asked = new EnumMap<>(Controller.class);
    if (!memory.isNone()) {
      asked.put(Controller.MEMORY, "a limit of memory");
    }
    if (cpu.count().isPresent() || cpu.shares().isPresent()) {
      asked.put(Controller.CPU, "a limit of processors");
    }
    if (cpu.processors().isPresent() || cpu.memoryNodes().isPresent()) {
      asked.put(Controller.CPU_SET, "a set of processors");
    }
    if (pids.isPresent() && pidsAreAsked) {
      asked.put(Controller.PIDS, "a limit of processes");
    }
    if (!io.isNone()) {
      asked.put(Controller.IO, "a limit of disks");
    }
    return asked;
  }

  /** Whether a group of this controller is of use: for a limit, or for what it counts. */
  boolean wants(Controller controller) {
    switch (controller) {
      case CPU:
      case CPU_SET:
        return asked().containsKey(controller);
      case DEVICES:
        return !anyDevice;
      default:
        return true;
    }
  }
}
