package io.jbuild.isolation.cgroup;

import java.util.OptionalLong;

/**
 * How much memory; an empty value is no limit of its own.
 *
 * @param bytes of memory, page cache included
 * @param withSwap bytes of memory and swap together, {@link #UNLIMITED}, or empty for no swap at
 *     all, so that a limit means the same on every machine
 * @param reservation what the group is left with while the machine is short of memory
 */
public record MemoryLimit(OptionalLong bytes, OptionalLong withSwap, OptionalLong reservation) {
  public static final MemoryLimit NONE =
      new MemoryLimit(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  /** As {@code --memory-swap=-1}. */
  public static final long UNLIMITED = -1;

  /** A shell and what it starts; below that a command is killed before it has begun. */
  public static final long LEAST_BYTES = 6 << 20;

  public MemoryLimit {
    if (bytes.isPresent() && bytes.getAsLong() < LEAST_BYTES) {
      throw new LimitException(
          "memory of " + bytes.getAsLong() + " bytes is too little: the least is 6 MiB");
    }
    if (withSwap.isPresent()) {
      requireSwap(bytes, withSwap.getAsLong());
    }
    if (reservation.isPresent()) {
      requireReservation(bytes, reservation.getAsLong());
    }
  }

  private static void requireSwap(OptionalLong bytes, long total) {
    if (bytes.isEmpty()) {
      throw new LimitException("a limit of memory and swap needs a limit of memory beside it");
    }
    if (total != UNLIMITED && total < bytes.getAsLong()) {
      throw new LimitException(
          "memory and swap together are "
              + total
              + " bytes, and memory alone "
              + bytes.getAsLong()
              + ": the first is the total, or -1 for no limit of swap");
    }
  }

  private static void requireReservation(OptionalLong bytes, long reserved) {
    if (reserved <= 0 || reserved > bytes.orElse(Long.MAX_VALUE)) {
      throw new LimitException(
          "a memory reservation of "
              + reserved
              + " bytes must be more than 0"
              + (bytes.isPresent() ? " and at most the limit of " + bytes.getAsLong() : ""));
    }
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /** How much swap there may be beside the memory; {@link #UNLIMITED}, or 0 where none is named. */
  long swapAlone() {
    long total = withSwap.orElse(bytes.orElse(0));
    return total == UNLIMITED ? UNLIMITED : total - bytes.orElse(0);
  }
}
