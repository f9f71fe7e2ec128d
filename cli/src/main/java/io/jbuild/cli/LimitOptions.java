package io.jbuild.cli;

import io.jbuild.builder.ResourceLimits;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a sandbox may use. */
final class LimitOptions {
  @Option(
      names = {"-m", "--memory"},
      paramLabel = "SIZE",
      converter = Values.Bytes.class,
      description = "Memory limit, for example 512m; what passes it is killed.")
  @Nullable Long memory;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      converter = Values.Cpus.class,
      description = "Share of the processors: 0.5 is half of one core.")
  @Nullable Double cpus;

  @Option(
      names = "--pids-limit",
      paramLabel = "N",
      description = "How many processes and threads may exist at once.")
  @Nullable Long pids;

  @Option(
      names = "--shm-size",
      paramLabel = "SIZE",
      converter = Values.Bytes.class,
      description = "Size of /dev/shm (default: 64m).")
  @Nullable Long sharedMemory;

  @Option(
      names = "--ulimit",
      paramLabel = "NAME=SOFT[:HARD]",
      description = "A limit of each process, for example nofile=1024:4096; -1 is none.")
  List<String> processes = List.of();

  ResourceLimits limits() {
    if (pids != null && pids < 1) {
      throw new TypeConversionException("--pids-limit must be at least 1, not " + pids);
    }
    return new ResourceLimits(
        memory == null ? OptionalLong.empty() : OptionalLong.of(memory),
        cpus == null ? OptionalDouble.empty() : OptionalDouble.of(cpus),
        pids == null ? OptionalLong.empty() : OptionalLong.of(pids),
        sharedMemory == null ? OptionalLong.empty() : OptionalLong.of(sharedMemory),
        UlimitOption.parse(processes));
  }
}
