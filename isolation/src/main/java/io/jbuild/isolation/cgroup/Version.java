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
  Version FIRST = new FirstVersion();
  Version SECOND = new SecondVersion();

  /** The file that a process joins a group by. */
  String memberFile();

  /** The file that tells which processors, or memory nodes, a group may use in fact. */
  String effective(boolean processors);

  /** Sets what this controller has to keep. */
  void apply(Path group, Controller controller, GroupLimits limits) throws IOException;

  /** How many processes the kernel has killed because memory ran out. */
  long oomKills(Path group) throws IOException;

  MemoryUse memory(Path group) throws IOException;

  CpuUse cpu(Path group) throws IOException;

  Duration throttled(Path group) throws IOException;

  DiskUse io(Path group) throws IOException;

  /** Returns when all processes stand still, or may go on. */
  void freeze(Path group, boolean on) throws IOException;
}
