package io.jbuild.isolation.cgroup;

import java.util.Arrays;
import java.util.Optional;

/** What a control group can do, by the names that both versions have for it. */
public enum Controller {
  CPU("cpu", "cpu"),
  /** Counting alone; every version 2 group does it. */
  CPU_ACCOUNTING("cpuacct", ""),
  CPU_SET("cpuset", "cpuset"),
  MEMORY("memory", "memory"),
  IO("blkio", "io"),
  PIDS("pids", "pids"),
  /** A list in version 1, a BPF program in version 2. */
  DEVICES("devices", ""),
  /** Part of every version 2 group. */
  FREEZER("freezer", "");

  private final String first;
  private final String second;

  Controller(String first, String second) {
    this.first = first;
    this.second = second;
  }

  /** The name in version 1, as {@code /proc/self/cgroup} has it. */
  String first() {
    return first;
  }

  /** The name in {@code cgroup.controllers}; empty for what needs no controller there. */
  String second() {
    return second;
  }

  static Optional<Controller> ofFirst(String name) {
    return Arrays.stream(values()).filter(each -> each.first.equals(name)).findFirst();
  }

  static Optional<Controller> ofSecond(String name) {
    return Arrays.stream(values())
        .filter(each -> !name.isEmpty() && each.second.equals(name))
        .findFirst();
  }
}
