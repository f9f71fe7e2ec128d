package io.jbuild.isolation.cgroup;

import io.jbuild.isolation.cgroup.ControlGroup.CpuUse;
import io.jbuild.isolation.cgroup.ControlGroup.DiskUse;
import io.jbuild.isolation.cgroup.ControlGroup.MemoryUse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What differs between the two versions: the names of a group's files, their units, and a few
 * habits. Each method is given the directory that has the controller it is about.
 */
interface Version {
  /** The file that a process joins a group by. */
  String memberFile();

  /** The file that tells which processors, or memory nodes, a group may use in fact. */
  String effective(boolean processors);

  /** Sets what this controller has to keep. */
  default void apply(Path group, Controller controller, GroupLimits limits) throws IOException {
    switch (controller) {
      case MEMORY:
        limitMemory(group, limits.memory());
        break;
      case CPU:
        limitCpu(group, limits.cpu());
        break;
      case CPU_SET:
        limitSets(group, limits.cpu());
        break;
      case PIDS:
        if (limits.pids().isPresent()) {
          GroupFiles.write(group, "pids.max", Long.toString(limits.pids().getAsLong()));
        }
        break;
      case IO:
        limitIo(group, limits.io());
        break;
      case DEVICES:
        limitDevices(group, limits);
        break;
      default:
        break;
    }
  }

  void limitMemory(Path group, MemoryLimit limit) throws IOException;

  void limitCpu(Path group, CpuLimit limit) throws IOException;

  /** Processors and memory nodes. */
  void limitSets(Path group, CpuLimit limit) throws IOException;

  void limitIo(Path group, BlockIo limit) throws IOException;

  void limitDevices(Path group, GroupLimits limits) throws IOException;

  /** How many processes the kernel has killed because memory ran out. */
  long oomKills(Path group) throws IOException;

  MemoryUse memory(Path group) throws IOException;

  CpuUse cpu(Path group) throws IOException;

  Duration throttled(Path group) throws IOException;

  DiskUse io(Path group) throws IOException;

  /** Returns when all processes stand still, or may go on. */
  void freeze(Path group, boolean on) throws IOException;
}
