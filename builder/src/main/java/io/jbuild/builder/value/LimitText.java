package io.jbuild.builder.value;

import io.jbuild.isolation.Limits;
import io.jbuild.isolation.ProcessLimit;
import io.jbuild.isolation.ProcessLimit.Resource;
import io.jbuild.isolation.cgroup.BlockIo;
import io.jbuild.isolation.cgroup.CpuLimit;
import io.jbuild.isolation.cgroup.LimitException;
import io.jbuild.isolation.cgroup.MemoryLimit;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How limits are written; what is none is a {@link LimitException} with a sentence. */
public final class LimitText {
  /** The kernel's limit of a quota's period is a second; a thousandth of that is its least. */
  private static final long LEAST_PERIOD = 1_000;

  private static final long MOST_PERIOD = 1_000_000;
  private static final long USUAL_PERIOD = 100_000;

  private static final Duration SHORTEST = Duration.ofMillis(1);

  private LimitText() {}

  /** {@code 512m}, {@code 1.5g}: bytes, with binary units. */
  public static long memory(String text) {
    long bytes = size(text);
    if (bytes < MemoryLimit.LEAST_BYTES) {
      throw new LimitException("\"" + text + "\" is out of range: memory is 6m or more");
    }
    return bytes;
  }

  /** Memory and swap together; {@code -1} is no limit of swap. */
  public static long memoryAndSwap(String text) {
    return text.equals("-1") ? MemoryLimit.UNLIMITED : memory(text);
  }

  /** Any size of at least a byte. */
  public static long size(String text) {
    long bytes;
    try {
      bytes = ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new LimitException("\"" + text + "\" is not a size: write 512m or 2g");
    }
    if (bytes < 1) {
      throw new LimitException("\"" + text + "\" is out of range: a size is 1 byte or more");
    }
    return bytes;
  }

  /** {@code 0.5}, {@code 2}: cores. */
  public static double cpus(String text) {
    if (!text.matches("[0-9]{0,6}(\\.[0-9]{0,9})?") || !text.matches(".*[0-9].*")) {
      throw new LimitException("\"" + text + "\" is not a number of cores: write 0.5 or 2");
    }
    double count = new BigDecimal(text).doubleValue();
    if (count < 0.01 || count > 10_000) {
      throw new LimitException("\"" + text + "\" is out of range: it is 0.01 to 10000 cores");
    }
    return count;
  }

  /** As {@code --cpu-quota} and {@code --cpu-period} say it: microseconds of every period. */
  public static Optional<Double> cpus(Optional<String> quota, Optional<String> period) {
    long micros = period.isEmpty() ? USUAL_PERIOD : number(period.get());
    if (micros < LEAST_PERIOD || micros > MOST_PERIOD) {
      throw new LimitException(
          "a period of \"" + micros + "\" is out of range: it is 1000 to 1000000 microseconds");
    }
    if (quota.isEmpty() || quota.get().equals("-1")) {
      return Optional.empty();
    }
    long most = number(quota.get());
    if (most < LEAST_PERIOD) {
      throw new LimitException(
          "a quota of \"" + most + "\" is out of range: it is 1000 microseconds or more, or -1");
    }
    return Optional.of((double) most / micros);
  }

  /** A number of digits alone. */
  public static long number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new LimitException("\"" + text + "\" is not a number");
    }
    return Long.parseLong(text);
  }

  /** Processes and threads; {@code -1} is no limit. */
  public static long pids(String text) {
    long count = text.equals("-1") ? Limits.UNLIMITED : number(text);
    if (count != Limits.UNLIMITED && (count < 1 || count > Limits.MOST_PIDS)) {
      throw new LimitException(
          "\"" + text + "\" is out of range: it is 1 to " + Limits.MOST_PIDS + ", or -1 for none");
    }
    return count;
  }

  /** {@code nofile=1024:4096}, one value for both, -1 for none. */
  public static ProcessLimit ulimit(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new LimitException("\"" + text + "\" is not NAME=SOFT[:HARD]: write nofile=1024:4096");
    }
    String name = text.substring(0, equals).toLowerCase(Locale.ROOT);
    Resource resource =
        Resource.named(name)
            .orElseThrow(
                () ->
                    new LimitException(
                        "there is no limit \"" + name + "\": there are " + resources()));
    String[] values = text.substring(equals + 1).split(":", -1);
    if (values.length > 2) {
      throw new LimitException("\"" + text + "\" is not NAME=SOFT[:HARD]: write nofile=1024:4096");
    }
    long soft = ulimitValue(values[0]);
    long hard = values.length == 1 ? soft : ulimitValue(values[1]);
    try {
      return new ProcessLimit(resource, soft, hard);
    } catch (IllegalArgumentException e) {
      throw new LimitException(
          "\"" + text + "\" is out of range: the soft limit must not be above the hard one");
    }
  }

  private static String resources() {
    return Arrays.stream(Resource.values())
        .map(Resource::toString)
        .collect(Collectors.joining(", "));
  }

  private static long ulimitValue(String value) {
    return value.equals("-1") || value.equals("unlimited") ? ProcessLimit.UNLIMITED : number(value);
  }

  /** {@code /dev/sda:1mb}, or {@code /dev/sda:100} for a number of operations, per second. */
  public static BlockIo.Rate rate(BlockIo.Kind kind, String text) throws IOException {
    int colon = text.lastIndexOf(':');
    if (!text.startsWith("/") || colon < 0) {
      throw new LimitException("\"" + text + "\" is not DEVICE:RATE: write /dev/sda:10m");
    }
    boolean bytes = kind == BlockIo.Kind.READ_BYTES || kind == BlockIo.Kind.WRITE_BYTES;
    String value = text.substring(colon + 1);
    long perSecond = bytes ? size(value) : number(value);
    return new BlockIo.Rate(device(text.substring(0, colon)), kind, perSecond);
  }

  private static DeviceNumber device(String path) throws IOException {
    Path real = Path.of(path).toRealPath();
    Path parent = real.getParent();
    if (parent == null) {
      throw new LimitException("\"" + path + "\" is no disk");
    }
    try (KernelDir directory = KernelDir.open(parent)) {
      FileStat stat = directory.stat(Name.of(real.getFileName().toString()));
      if (stat.type() != FileType.BLOCK_DEVICE) {
        throw new LimitException("\"" + path + "\" is no disk");
      }
      return stat.rdev();
    }
  }

  /** {@code 5m}, {@code 1h2m3.5s}, {@code 300ms}; 0 is none. */
  public static Duration timeout(String text) {
    Duration length = duration(text);
    if (length.isNegative() || (!length.isZero() && length.compareTo(SHORTEST) < 0)) {
      throw new LimitException(
          "\"" + text + "\" is out of range: a timeout is 1ms or more, or 0 for none");
    }
    return length;
  }

  /** {@code 2}, or {@code 2,500ms} with the delay before each. */
  public static Retry retry(String text) {
    int comma = text.indexOf(',');
    String count = comma < 0 ? text : text.substring(0, comma);
    if (!count.matches("[0-9]{1,9}")) {
      throw new LimitException("\"" + text + "\" is not TIMES[,DELAY]: write 2 or 2,500ms");
    }
    if (Integer.parseInt(count) > Retry.MOST) {
      throw new LimitException("\"" + count + "\" is out of range: it is 0 to 100 more tries");
    }
    Optional<Duration> delay =
        comma < 0 ? Optional.empty() : Optional.of(duration(text.substring(comma + 1)));
    if (delay.isPresent()
        && (delay.get().isNegative() || delay.get().compareTo(Retry.LONGEST_DELAY) > 0)) {
      throw new LimitException("\"" + text + "\" is out of range: a delay is 0 to 1h");
    }
    return new Retry(Integer.parseInt(count), delay);
  }

  private static Duration duration(String text) {
    try {
      return GoDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new LimitException("\"" + text + "\" is not a duration: write 30s, 5m or 1h30m");
    }
  }

  /** The part of busy processors, relative to the 1024 of everybody else. */
  public static long shares(String text) {
    long shares = number(text);
    if (shares < CpuLimit.LEAST_SHARES || shares > CpuLimit.MOST_SHARES) {
      throw new LimitException("\"" + text + "\" is out of range: it is 2 to 262144 shares");
    }
    return shares;
  }
}
