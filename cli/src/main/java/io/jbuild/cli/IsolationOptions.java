package io.jbuild.cli;

import io.jbuild.builder.EngineSettings;
import io.jbuild.isolation.Mechanism;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** By what means commands are walled in. */
final class IsolationOptions {
  private static final String VARIABLE = "JBUILD_ISOLATION";

  @Option(
      names = "--runtime",
      paramLabel = "PROGRAM",
      description =
          "Run commands by an OCI runtime, by its path or name: runc, crun, youki (default: by"
              + " jbuild itself).")
  @Nullable String runtime;

  @Option(
      names = "--runtime-flag",
      paramLabel = "FLAG",
      description =
          "Given to the runtime before its own command, without its dashes: debug; may be"
              + " repeated.")
  List<String> runtimeFlags = List.of();

  @Option(
      names = "--isolation",
      paramLabel = "KIND",
      description =
          "oci or rootless (default): namespaces and control groups, as root or as any other user;"
              + " chroot: nothing but a root directory, for containers that may not make namespaces"
              + " (default: $JBUILD_ISOLATION).")
  @Nullable String isolation;

  /** The settings with what was asked for. */
  EngineSettings in(EngineSettings settings) throws IOException {
    String kind =
        Optional.ofNullable(isolation)
            .or(() -> Optional.ofNullable(System.getenv(VARIABLE)).filter(v -> !v.isEmpty()))
            .orElse("oci");
    if (!runtimeFlags.isEmpty() && runtime == null) {
      throw new TypeConversionException("--runtime-flag needs --runtime");
    }
    switch (kind) {
      case "oci", "default", "rootless" -> {
        return runtime == null
            ? settings
            : settings.withMechanism(
                Mechanism.OciRuntime.find(
                    runtime, runtimeFlags.stream().map(IsolationOptions::flag).toList()));
      }
      case "chroot" -> {
        if (runtime != null) {
          throw new TypeConversionException(
              "--runtime makes namespaces, and --isolation=chroot none");
        }
        return settings.withMechanism(Mechanism.chroot());
      }
      default ->
          throw new TypeConversionException(
              (isolation == null ? "$" + VARIABLE : "--isolation")
                  + ": there is no isolation \""
                  + kind
                  + "\": it is oci, rootless or chroot");
    }
  }

  /** As podman and buildah take it: without dashes in front. */
  private static String flag(String text) {
    return text.startsWith("-") ? text : "--" + text;
  }
}
