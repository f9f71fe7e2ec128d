package io.jbuild.isolation;

import java.util.OptionalLong;

/**
 * How far the clocks of a time namespace are ahead of the machine's, in seconds. The kernel refuses
 * what would make a clock negative, or go on for more than 146 years.
 *
 * @param monotonic of CLOCK_MONOTONIC; empty is where it starts near zero
 * @param boottime of CLOCK_BOOTTIME, which is the uptime; empty is where it starts near zero
 */
public record ClockOffsets(OptionalLong monotonic, OptionalLong boottime) {
  /** Both clocks begin with the sandbox. */
  public static final ClockOffsets FROM_ZERO =
      new ClockOffsets(OptionalLong.empty(), OptionalLong.empty());

  public static ClockOffsets of(long monotonic, long boottime) {
    return new ClockOffsets(OptionalLong.of(monotonic), OptionalLong.of(boottime));
  }
}
