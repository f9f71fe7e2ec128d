package io.jbuild.isolation.cgroup;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How much of the processors; an empty value is no limit of its own.
 *
 * @param count of processors in use at a time: 0.5 is half of one
 * @param shares the part of processors that others want as well, relative to their shares, of which
 *     everybody has 1024 by default
 * @param processors that may run the group, as {@code 0-1,3}
 * @param memoryNodes that it may take memory from
 */
public record CpuLimit(
    OptionalDouble count,
    OptionalLong shares,
    Optional<NumberSet> processors,
    Optional<NumberSet> memoryNodes) {
  public static final CpuLimit NONE =
      new CpuLimit(
          OptionalDouble.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

  public static final long LEAST_SHARES = 2;
  public static final long MOST_SHARES = 262_144;

  private static final long DEFAULT_SHARES = 1024;
  private static final long MOST_WEIGHT = 10_000;
  private static final double LEAST = 0.01;
  private static final double MOST = 10_000;

  public CpuLimit {
    if (count.isPresent() && !(count.getAsDouble() >= LEAST && count.getAsDouble() <= MOST)) {
      throw new LimitException(
          count.getAsDouble() + " processors are out of range: it is 0.01 to 10000");
    }
    if (shares.isPresent()
        && (shares.getAsLong() < LEAST_SHARES || shares.getAsLong() > MOST_SHARES)) {
      throw new LimitException(
          "processor shares of " + shares.getAsLong() + " are out of range: it is 2 to 262144");
    }
  }

  /**
   * The shares as version 2 has them, where the default is 100: as the kernel converts its own
   * weights, so that the same numbers divide a processor in the same way on both versions.
   */
  long weight() {
    long weight = Math.round(shares.orElse(DEFAULT_SHARES) * 100 / (double) DEFAULT_SHARES);
    return Math.max(1, Math.min(MOST_WEIGHT, weight));
  }

  public boolean isNone() {
    return equals(NONE);
  }
}
