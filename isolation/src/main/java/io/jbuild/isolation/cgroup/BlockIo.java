package io.jbuild.isolation.cgroup;

import io.jbuild.linux.DeviceNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How much of the disks.
 *
 * @param weight the part of a busy disk, relative to the weights of others, of which everybody has
 *     100 by default
 * @param rates at most one of each kind for a device
 */
public record BlockIo(OptionalInt weight, List<Rate> rates) {
  public static final BlockIo NONE = new BlockIo(OptionalInt.empty(), List.of());

  public static final int LEAST_WEIGHT = 10;
  public static final int MOST_WEIGHT = 1000;

  /** What a rate counts. */
  public enum Kind {
    READ_BYTES("read_bps", "rbps", "bytes read"),
    WRITE_BYTES("write_bps", "wbps", "bytes written"),
    READS("read_iops", "riops", "reads"),
    WRITES("write_iops", "wiops", "writes");

    private final String first;
    private final String second;
    private final String words;

    Kind(String first, String second, String words) {
      this.first = first;
      this.second = second;
      this.words = words;
    }

    /** The file of a version 1 group. */
    String file() {
      return "blkio.throttle." + first + "_device";
    }

    /** The key in a version 2 group's {@code io.max}. */
    String key() {
      return second;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * At most so much per second from or to a whole disk; the kernel limits no partition by itself.
   */
  public record Rate(DeviceNumber device, Kind kind, long perSecond) {
    public Rate {
      if (perSecond <= 0) {
        throw new LimitException(
            "a limit of " + perSecond + " " + kind + " per second is no limit: it is 1 or more");
      }
    }
  }

  public BlockIo {
    rates = List.copyOf(rates);
    if (weight.isPresent()
        && (weight.getAsInt() < LEAST_WEIGHT || weight.getAsInt() > MOST_WEIGHT)) {
      throw new LimitException(
          "a disk weight of " + weight.getAsInt() + " is out of range: it is 10 to 1000");
    }
    for (Rate rate : rates) {
      if (rates.stream().filter(r -> isSame(r, rate)).count() > 1) {
        throw new LimitException(
            "device " + rate.device() + " has two limits of " + rate.kind() + " per second");
      }
    }
  }

  private static boolean isSame(Rate one, Rate other) {
    return one.kind() == other.kind() && one.device().equals(other.device());
  }

  public BlockIo withWeight(int newWeight) {
    return new BlockIo(OptionalInt.of(newWeight), rates);
  }

  public BlockIo with(Rate rate) {
    List<Rate> more = new ArrayList<>(rates);
    more.add(rate);
    return new BlockIo(weight, more);
  }

  public boolean isNone() {
    return equals(NONE);
  }
}
