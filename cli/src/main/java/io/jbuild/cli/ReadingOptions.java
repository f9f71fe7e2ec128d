package io.jbuild.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Buildfile is read, and for what, by a command that builds nothing. */
final class ReadingOptions {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The Buildfile, '-' for standard input.")
  @Nullable String file;

  @Option(
      names = "--build-arg",
      paramLabel = "NAME[=VALUE]",
      description = "Value of an ARG; without '=' the value of the environment.")
  List<String> buildArgs = List.of();

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Platform of the image (default: this machine's).")
  @Nullable String platform;

  /** With what else such a command may be told. */
  BuildfileOptions of(@Nullable String context, @Nullable String target, List<String> contexts) {
    return new BuildfileOptions(context, file, target, buildArgs, contexts, platform);
  }
}
