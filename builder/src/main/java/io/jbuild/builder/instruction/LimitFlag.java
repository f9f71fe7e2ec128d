package io.jbuild.builder.instruction;

import io.jbuild.builder.value.LimitText;
import io.jbuild.builder.value.ResourceLimits;
import io.jbuild.builder.value.StepLimits;
import io.jbuild.isolation.cgroup.NumberSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The flags of RUN that limit its step: what each takes, and where that goes. */
public enum LimitFlag {
  MEMORY("memory", "512m"),
  MEMORY_SWAP("memory-swap", "1g"),
  CPUS("cpus", "0.5"),
  CPU_SHARES("cpu-shares", "512"),
  CPUSET_CPUS("cpuset-cpus", "0-1"),
  CPUSET_MEMS("cpuset-mems", "0"),
  PIDS("pids", "100"),
  SHM_SIZE("shm-size", "64m"),
  /** Any number of times, once for a resource. */
  ULIMIT("ulimit", "nofile=1024"),
  TIMEOUT("timeout", "5m"),
  RETRY("retry", "2");

  private final String flag;
  private final String example;

  LimitFlag(String flag, String example) {
    this.flag = flag;
    this.example = example;
  }

  /** The flag without its dashes. */
  public String flag() {
    return flag;
  }

  static List<String> flags() {
    return Arrays.stream(values()).map(LimitFlag::flag).toList();
  }

  /** The limit that a flag of this name sets. */
  public static Optional<LimitFlag> named(String flag) {
    return Arrays.stream(values()).filter(each -> each.flag.equals(flag)).findFirst();
  }

  /** What to write instead of a value that is none. */
  String hint() {
    return "write --" + flag + "=" + example;
  }

  /**
   * With the value of this flag.
   *
   * @throws io.jbuild.isolation.cgroup.LimitException if it is none
   */
  StepLimits put(StepLimits to, String value) {
    return switch (this) {
      case TIMEOUT -> to.withTimeout(LimitText.timeout(value));
      case RETRY -> to.withRetry(LimitText.retry(value));
      default -> to.withResources(put(to.resources(), value));
    };
  }

  private ResourceLimits put(ResourceLimits to, String value) {
    return switch (this) {
      case MEMORY -> to.withMemory(LimitText.memory(value));
      case MEMORY_SWAP -> to.withMemoryAndSwap(LimitText.memoryAndSwap(value));
      case CPUS -> to.withCpus(LimitText.cpus(value));
      case CPU_SHARES -> to.withCpuShares(LimitText.shares(value));
      case CPUSET_CPUS -> to.withProcessors(NumberSet.parse(value));
      case CPUSET_MEMS -> to.withMemoryNodes(NumberSet.parse(value));
      case PIDS -> to.withPids(LimitText.pids(value));
      case SHM_SIZE -> to.withSharedMemory(LimitText.size(value));
      case ULIMIT -> to.withProcess(LimitText.ulimit(value));
      case TIMEOUT, RETRY -> throw new IllegalStateException(flag + " is no resource");
    };
  }
}
