package io.jbuild.cli;

import io.jbuild.builder.value.LimitText;
import io.jbuild.builder.value.StepLimits;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What each RUN step of a build may use, how long it may take, and how often it is tried. */
final class StepOptions {
  @Mixin LimitOptions limits = new LimitOptions();

  @Option(
      names = "--resource",
      paramLabel = "KEY=VALUE",
      description = "The same limits as buildx writes them: memory=2g, cpu-quota=50000.")
  List<String> resources = List.of();

  @Option(
      names = "--step-timeout",
      paramLabel = "DURATION",
      description = "How long a RUN step may take that names no --timeout: 5m, 1h30m.")
  @Nullable String timeout;

  @Option(
      names = "--step-retry",
      paramLabel = "TIMES[,DELAY]",
      description = "How often a RUN step that fails is tried again, if it names no --retry.")
  @Nullable String retry;

  StepLimits limits() throws IOException {
    for (String resource : resources) {
      put(resource);
    }
    StepLimits all = StepLimits.of(limits.limits());
    all =
        LimitOptions.put(
            all, "--step-timeout", timeout, (l, v) -> l.withTimeout(LimitText.timeout(v)));
    return LimitOptions.put(all, "--step-retry", retry, (l, v) -> l.withRetry(LimitText.retry(v)));
  }

  private void put(String resource) {
    Map.Entry<String, String> pair = Values.pair("--resource", resource);
    String value = pair.getValue();
    switch (pair.getKey()) {
      case "memory" -> limits.memory = once("memory", limits.memory, value);
      case "memory-swap" -> limits.memoryAndSwap = once("memory-swap", limits.memoryAndSwap, value);
      case "cpu-shares" -> limits.cpuShares = once("cpu-shares", limits.cpuShares, value);
      case "cpu-period" -> limits.cpuPeriod = once("cpu-period", limits.cpuPeriod, value);
      case "cpu-quota" -> limits.cpuQuota = once("cpu-quota", limits.cpuQuota, value);
      case "cpuset-cpus" -> limits.processors = once("cpuset-cpus", limits.processors, value);
      case "cpuset-mems" -> limits.memoryNodes = once("cpuset-mems", limits.memoryNodes, value);
      default ->
          throw new TypeConversionException(
              "--resource knows memory, memory-swap, cpu-shares, cpu-period, cpu-quota,"
                  + " cpuset-cpus and cpuset-mems, not '"
                  + pair.getKey()
                  + "'");
    }
  }

  private static String once(String key, @Nullable String before, String value) {
    if (before != null) {
      throw new TypeConversionException("--resource " + key + ": there is such a limit already");
    }
    return value;
  }
}
