package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.BlockIo;
import io.jbuild.isolation.cgroup.CpuLimit;
import io.jbuild.isolation.cgroup.LimitException;
import io.jbuild.isolation.cgroup.MemoryLimit;
import io.jbuild.isolation.cgroup.NumberSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What a sandbox may use; an empty value is no limit of its own. Values that cannot be are {@link
 * LimitException}s, with a sentence for the user.
 *
 * @param pids how many processes and threads; {@link #UNLIMITED}, or empty for the precaution of
 *     {@link #DEFAULT_PIDS}, which is left out where no control group can keep it
 * @param sharedMemoryBytes the size of /dev/shm; empty for 64 MiB
 * @param ofProcesses instead of the defaults of their resources, each of which is named once
 */
public record Limits(
    MemoryLimit memory,
    CpuLimit cpu,
    OptionalLong pids,
    BlockIo io,
    OptionalLong sharedMemoryBytes,
    List<ProcessLimit> ofProcesses) {
  /** Enough processes for any build, and too few to take the machine down. */
  public static final long DEFAULT_PIDS = 4096;

  public static final long UNLIMITED = -1;

  /** The kernel's PID_MAX_LIMIT. */
  public static final long MOST_PIDS = 4_194_304;

  /** Nothing but the precaution. */
  public static final Limits DEFAULT =
      new Limits(
          MemoryLimit.NONE,
          CpuLimit.NONE,
          OptionalLong.empty(),
          BlockIo.NONE,
          OptionalLong.empty(),
          List.of());

  public Limits {
    ofProcesses = List.copyOf(ofProcesses);
    if (pids.isPresent() && pids.getAsLong() != UNLIMITED) {
      requireRange(pids.getAsLong(), MOST_PIDS, "processes");
    }
    if (sharedMemoryBytes.isPresent()) {
      requireRange(sharedMemoryBytes.getAsLong(), Long.MAX_VALUE, "bytes of shared memory");
    }
    if (ofProcesses.stream().map(ProcessLimit::resource).distinct().count() < ofProcesses.size()) {
      throw new LimitException("a resource is limited twice: " + ofProcesses);
    }
  }

  private static void requireRange(long value, long most, String what) {
    if (value <= 0 || value > most) {
      String range = most == Long.MAX_VALUE ? "1 or more" : "1 to " + most;
      throw new LimitException("a limit of " + value + " " + what + " is out of range: " + range);
    }
  }

  public OptionalLong memoryBytes() {
    return memory.bytes();
  }

  public OptionalDouble cpus() {
    return cpu.count();
  }

  /** What holds: empty is no limit. */
  OptionalLong processes() {
    long count = pids.orElse(DEFAULT_PIDS);
    return count == UNLIMITED ? OptionalLong.empty() : OptionalLong.of(count);
  }

  public Limits withMemory(MemoryLimit limit) {
    return with(draft -> draft.memory = limit);
  }

  public Limits withMemory(OptionalLong bytes) {
    return withMemory(new MemoryLimit(bytes, memory.withSwap(), memory.reservation()));
  }

  public Limits withMemory(long bytes) {
    return withMemory(OptionalLong.of(bytes));
  }

  /** Memory and swap together, or -1; after {@link #withMemory}, which it needs. */
  public Limits withMemoryAndSwap(long bytes) {
    return withMemory(
        new MemoryLimit(memory.bytes(), OptionalLong.of(bytes), memory.reservation()));
  }

  public Limits withMemoryReservation(long bytes) {
    return withMemory(new MemoryLimit(memory.bytes(), memory.withSwap(), OptionalLong.of(bytes)));
  }

  public Limits withCpu(CpuLimit limit) {
    return with(draft -> draft.cpu = limit);
  }

  public Limits withCpus(OptionalDouble count) {
    return withCpu(new CpuLimit(count, cpu.shares(), cpu.processors(), cpu.memoryNodes()));
  }

  public Limits withCpus(double count) {
    return withCpus(OptionalDouble.of(count));
  }

  /** 2 to 262144; everybody has 1024 by default. */
  public Limits withCpuShares(long shares) {
    return withCpu(
        new CpuLimit(cpu.count(), OptionalLong.of(shares), cpu.processors(), cpu.memoryNodes()));
  }

  public Limits withCpuSet(NumberSet processors) {
    return withCpu(
        new CpuLimit(cpu.count(), cpu.shares(), Optional.of(processors), cpu.memoryNodes()));
  }

  public Limits withMemoryNodes(NumberSet nodes) {
    return withCpu(new CpuLimit(cpu.count(), cpu.shares(), cpu.processors(), Optional.of(nodes)));
  }

  public Limits withPids(OptionalLong count) {
    return with(draft -> draft.pids = count);
  }

  public Limits withPids(long count) {
    return withPids(OptionalLong.of(count));
  }

  public Limits withIo(BlockIo limit) {
    return with(draft -> draft.io = limit);
  }

  public Limits withSharedMemory(OptionalLong bytes) {
    return with(draft -> draft.sharedMemoryBytes = bytes);
  }

  public Limits withProcesses(List<ProcessLimit> limits) {
    return with(draft -> draft.ofProcesses = limits);
  }

  private Limits with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.limits();
  }

  /** All of it, open to one change. */
  private static final class Draft {
    private MemoryLimit memory;
    private CpuLimit cpu;
    private OptionalLong pids;
    private BlockIo io;
    private OptionalLong sharedMemoryBytes;
    private List<ProcessLimit> ofProcesses;

    Draft(Limits from) {
      memory = from.memory;
      cpu = from.cpu;
      pids = from.pids;
      io = from.io;
      sharedMemoryBytes = from.sharedMemoryBytes;
      ofProcesses = from.ofProcesses;
    }

    Limits limits() {
      return new Limits(memory, cpu, pids, io, sharedMemoryBytes, ofProcesses);
    }
  }
}
