package io.jbuild.builder;

import io.jbuild.isolation.Usage;
import io.jbuild.isolation.cgroup.Pressure;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the command of a step has used, all its tries together; an empty value is one that no
 * control group here counts.
 *
 * @param tries how often the command was started
 * @param throttled how long its processes wanted to run and the limit of processors held them
 * @param peakMemoryBytes the most of any try, page cache included
 * @param peakPids the most of any try, processes and threads
 * @param oomKills how many processes were killed because memory ran out
 */
public record StepUsage(
    int tries,
    Duration cpu,
    Duration user,
    Duration system,
    Duration throttled,
    OptionalLong peakMemoryBytes,
    OptionalLong readBytes,
    OptionalLong writtenBytes,
    OptionalLong peakPids,
    long oomKills,
    Optional<Pressure> pressure) {

  /** Of one try. */
  public static StepUsage of(Usage usage) {
    return new StepUsage(
        1,
        usage.cpu(),
        usage.user(),
        usage.system(),
        usage.throttled(),
        usage.peakMemoryBytes(),
        usage.readBytes(),
        usage.writtenBytes(),
        usage.peakPids(),
        usage.oomKills(),
        usage.pressure());
  }

  /** With those of another try. */
  public StepUsage and(StepUsage other) {
    return new StepUsage(
        tries + other.tries,
        cpu.plus(other.cpu),
        user.plus(other.user),
        system.plus(other.system),
        throttled.plus(other.throttled),
        most(peakMemoryBytes, other.peakMemoryBytes),
        sum(readBytes, other.readBytes),
        sum(writtenBytes, other.writtenBytes),
        most(peakPids, other.peakPids),
        oomKills + other.oomKills,
        sum(pressure, other.pressure));
  }

  private static OptionalLong most(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent()
        ? OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()))
        : one.isPresent() ? one : other;
  }

  private static OptionalLong sum(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent()
        ? OptionalLong.of(one.getAsLong() + other.getAsLong())
        : one.isPresent() ? one : other;
  }

  private static Optional<Pressure> sum(Optional<Pressure> one, Optional<Pressure> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return Optional.of(
        new Pressure(
            sum(one.get().cpu(), other.get().cpu()),
            sum(one.get().memory(), other.get().memory()),
            sum(one.get().io(), other.get().io())));
  }

  private static Pressure.Stall sum(Pressure.Stall one, Pressure.Stall other) {
    return new Pressure.Stall(one.some().plus(other.some()), one.full().plus(other.full()));
  }
}
