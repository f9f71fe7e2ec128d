package io.jbuild.cli.text;

import io.jbuild.builder.StepUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** What a step has used, in a few words. */
public final class UsageText {
  private static final int UNIT = 1024;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private UsageText() {}

  /** {@code cpu 10.1s mem 212MiB io 3.1MiB/1.2MiB}: bytes read and written; what is counted. */
  public static String brief(StepUsage usage) {
    List<String> parts = new ArrayList<>();
    parts.add("cpu " + Text.seconds(usage.cpu()));
    if (usage.throttled().compareTo(Duration.ofMillis(50)) >= 0) {
      parts.add("throttled " + Text.seconds(usage.throttled()));
    }
    usage.peakMemoryBytes().ifPresent(bytes -> parts.add("mem " + bytes(bytes)));
    if (usage.readBytes().isPresent() || usage.writtenBytes().isPresent()) {
      parts.add("io " + bytes(usage.readBytes()) + "/" + bytes(usage.writtenBytes()));
    }
    if (usage.oomKills() > 0) {
      parts.add("oom-kills " + usage.oomKills());
    }
    if (usage.tries() > 1) {
      parts.add("tries " + usage.tries());
    }
    return String.join(" ", parts);
  }

  /** {@code 212MiB}, {@code 3.1MiB}; {@code -} where nothing counts them. */
  public static String bytes(OptionalLong bytes) {
    return bytes.isPresent() ? bytes(bytes.getAsLong()) : "-";
  }

  private static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= UNIT && unit < UNITS.length - 1) {
      value /= UNIT;
      unit++;
    }
    boolean whole = unit == 0 || value >= 99.95;
    return String.format(Locale.ROOT, whole ? "%.0f%s" : "%.1f%s", value, UNITS[unit]);
  }
}
