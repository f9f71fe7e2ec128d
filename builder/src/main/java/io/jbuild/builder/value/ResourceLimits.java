package io.jbuild.builder.value;

import io.jbuild.isolation.Limits;
import io.jbuild.isolation.ProcessLimit;
import io.jbuild.isolation.cgroup.BlockIo;
import io.jbuild.isolation.cgroup.CpuLimit;
import io.jbuild.isolation.cgroup.MemoryLimit;
import io.jbuild.isolation.cgroup.NumberSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What one sandbox may use, as flags say it; empty means no limit of ours. Each value is one that
 * can be; whether they go together is known when there are no more to come, see {@link #inSandbox}.
 *
 * @param memoryAndSwap bytes of both together, or -1 for no limit of swap
 * @param pids processes and threads, or -1 for no limit
 * @param sharedMemoryBytes the size of /dev/shm
 * @param ofProcesses {@code --ulimit}, each resource once
 */
public record ResourceLimits(
    OptionalLong memoryBytes,
    OptionalLong memoryAndSwap,
    OptionalLong memoryReservation,
    CpuLimit cpu,
    OptionalLong pids,
    OptionalLong sharedMemoryBytes,
    List<ProcessLimit> ofProcesses,
    BlockIo io) {
  public static final ResourceLimits NONE =
      new ResourceLimits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          CpuLimit.NONE,
          OptionalLong.empty(),
          OptionalLong.empty(),
          List.of(),
          BlockIo.NONE);

  public ResourceLimits {
    ofProcesses = List.copyOf(ofProcesses);
  }

  public ResourceLimits withMemory(long bytes) {
    return with(draft -> draft.memoryBytes = OptionalLong.of(bytes));
  }

  public ResourceLimits withMemoryAndSwap(long bytes) {
    return with(draft -> draft.memoryAndSwap = OptionalLong.of(bytes));
  }

  public ResourceLimits withMemoryReservation(long bytes) {
    return with(draft -> draft.memoryReservation = OptionalLong.of(bytes));
  }

  public ResourceLimits withCpus(double count) {
    return with(draft -> draft.cpus = OptionalDouble.of(count));
  }

  public ResourceLimits withCpuShares(long shares) {
    return with(draft -> draft.cpuShares = OptionalLong.of(shares));
  }

  public ResourceLimits withProcessors(NumberSet numbers) {
    return with(draft -> draft.processors = Optional.of(numbers));
  }

  public ResourceLimits withMemoryNodes(NumberSet numbers) {
    return with(draft -> draft.memoryNodes = Optional.of(numbers));
  }

  public ResourceLimits withPids(long count) {
    return with(draft -> draft.pids = OptionalLong.of(count));
  }

  public ResourceLimits withSharedMemory(long bytes) {
    return with(draft -> draft.sharedMemoryBytes = OptionalLong.of(bytes));
  }

  /** Instead of the one that there is for the same resource. */
  public ResourceLimits withProcess(ProcessLimit limit) {
    return with(draft -> draft.put(limit));
  }

  public ResourceLimits withIo(BlockIo limit) {
    return with(draft -> draft.io = limit);
  }

  /**
   * These; where one is not given, that of the build. Memory and swap are one limit in this, and
   * never above those of the build.
   */
  public ResourceLimits over(ResourceLimits build) {
    return build.with(
        draft -> {
          draft.memoryBytes = least(either(memoryBytes, build.memoryBytes), build.memoryBytes);
          draft.memoryAndSwap = swapOver(build);
          draft.memoryReservation = either(memoryReservation, build.memoryReservation);
          draft.cpus = cpu.count().isPresent() ? cpu.count() : draft.cpus;
          draft.cpuShares = either(cpu.shares(), draft.cpuShares);
          draft.processors = cpu.processors().or(build.cpu::processors);
          draft.memoryNodes = cpu.memoryNodes().or(build.cpu::memoryNodes);
          draft.pids = either(pids, build.pids);
          draft.sharedMemoryBytes = either(sharedMemoryBytes, build.sharedMemoryBytes);
          ofProcesses.forEach(draft::put);
          draft.io = io.isNone() ? build.io : io;
        });
  }

  private OptionalLong swapOver(ResourceLimits build) {
    OptionalLong wanted =
        memoryBytes.isPresent() ? memoryAndSwap : either(memoryAndSwap, build.memoryAndSwap);
    OptionalLong most = either(build.memoryAndSwap, build.memoryBytes);
    boolean capped = most.isPresent() && most.getAsLong() != MemoryLimit.UNLIMITED;
    if (capped && wanted.isPresent() && wanted.getAsLong() == MemoryLimit.UNLIMITED) {
      return most;
    }
    return capped ? least(wanted, most) : wanted;
  }

  private static OptionalLong either(OptionalLong first, OptionalLong second) {
    return first.isPresent() ? first : second;
  }

  private static OptionalLong least(OptionalLong value, OptionalLong most) {
    return value.isPresent() && most.isPresent() && most.getAsLong() < value.getAsLong()
        ? most
        : value;
  }

  /**
   * As a sandbox takes them.
   *
   * @throws io.jbuild.isolation.cgroup.LimitException if they contradict each other
   */
  public Limits inSandbox() {
    return Limits.DEFAULT
        .withMemory(new MemoryLimit(memoryBytes, memoryAndSwap, memoryReservation))
        .withCpu(cpu)
        .withPids(pids)
        .withIo(io)
        .withSharedMemory(sharedMemoryBytes)
        .withProcesses(ofProcesses);
  }

  private ResourceLimits with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.limits();
  }

  /** All of it, open to change. */
  private static final class Draft {
    private OptionalLong memoryBytes;
    private OptionalLong memoryAndSwap;
    private OptionalLong memoryReservation;
    private OptionalDouble cpus;
    private OptionalLong cpuShares;
    private Optional<NumberSet> processors;
    private Optional<NumberSet> memoryNodes;
    private OptionalLong pids;
    private OptionalLong sharedMemoryBytes;
    private final List<ProcessLimit> ofProcesses;
    private BlockIo io;

    Draft(ResourceLimits from) {
      memoryBytes = from.memoryBytes;
      memoryAndSwap = from.memoryAndSwap;
      memoryReservation = from.memoryReservation;
      cpus = from.cpu.count();
      cpuShares = from.cpu.shares();
      processors = from.cpu.processors();
      memoryNodes = from.cpu.memoryNodes();
      pids = from.pids;
      sharedMemoryBytes = from.sharedMemoryBytes;
      ofProcesses = new ArrayList<>(from.ofProcesses);
      io = from.io;
    }

    void put(ProcessLimit limit) {
      ofProcesses.removeIf(other -> other.resource() == limit.resource());
      ofProcesses.add(limit);
    }

    ResourceLimits limits() {
      return new ResourceLimits(
          memoryBytes,
          memoryAndSwap,
          memoryReservation,
          new CpuLimit(cpus, cpuShares, processors, memoryNodes),
          pids,
          sharedMemoryBytes,
          ofProcesses,
          io);
    }
  }
}
