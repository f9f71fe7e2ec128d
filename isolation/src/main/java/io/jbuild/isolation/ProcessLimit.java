package io.jbuild.isolation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A limit that the kernel keeps for each process, see getrlimit(2).
 *
 * @param soft what holds; a process may raise it up to {@code hard}
 */
public record ProcessLimit(Resource resource, long soft, long hard) {
  /** The kernel's RLIM_INFINITY: all bits set. */
  public static final long UNLIMITED = -1;

  public ProcessLimit {
    if (soft < UNLIMITED || hard < UNLIMITED || Long.compareUnsigned(soft, hard) > 0) {
      throw new IllegalArgumentException(
          "limit of " + resource + " to " + text(soft) + ":" + text(hard));
    }
  }

  /** Resources with their numbers in the kernel, which x86_64 and aarch64 share. */
  public enum Resource {
    CPU(0),
    FSIZE(1),
    DATA(2),
    STACK(3),
    CORE(4),
    RSS(5),
    NPROC(6),
    NOFILE(7),
    MEMLOCK(8),
    AS(9),
    LOCKS(10),
    SIGPENDING(11),
    MSGQUEUE(12),
    NICE(13),
    RTPRIO(14),
    RTTIME(15);

    private final int number;

    Resource(int number) {
      this.number = number;
    }

    /** As people write it: {@code nofile}. */
    public static Optional<Resource> named(String name) {
      return Arrays.stream(values()).filter(each -> each.toString().equals(name)).findFirst();
    }

    public int number() {
      return number;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static String text(long value) {
    return value == UNLIMITED ? "unlimited" : Long.toString(value);
  }

  /** {@code nofile=1024:unlimited}. */
  @Override
  public String toString() {
    return resource + "=" + text(soft) + ":" + text(hard);
  }
}
