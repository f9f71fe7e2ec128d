package io.jbuild.cli;

import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.UserException;
import io.jbuild.isolation.Mechanism;
import io.jbuild.isolation.ladder.Rung;
import io.jbuild.isolation.ladder.Standing;
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
          "oci or rootless: namespaces and control groups, as root or as any other user; chroot:"
              + " nothing but a root directory (default: $JBUILD_ISOLATION, else the first, or chroot"
              + " in a container that may not make namespaces).")
  @Nullable String isolation;

  /** The settings with what was asked for, or with the best that can be had. */
  EngineSettings in(EngineSettings settings) throws IOException, UserException {
    Optional<String> wanted =
        Optional.ofNullable(isolation)
            .or(() -> Optional.ofNullable(System.getenv(VARIABLE)).filter(v -> !v.isEmpty()))
            .filter(kind -> !kind.equals("default"));
    String kind = wanted.or(() -> Optional.ofNullable(runtime).map(r -> "oci")).orElse("");
    if (!runtimeFlags.isEmpty() && runtime == null) {
      throw new TypeConversionException("--runtime-flag needs --runtime");
    }
    switch (kind) {
      case "" -> {
        return Standing.current().rung() == Rung.CHROOT
            ? settings.withMechanism(Mechanism.chroot())
            : settings;
      }
      case "oci", "rootless" -> {
        requireNamespaces(kind);
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

  private void requireNamespaces(String kind) throws IOException, UserException {
    Standing here = Standing.current();
    if (here.rung().number() >= Rung.CHROOT.number()) {
      throw new UserException(
          (runtime == null ? "isolation " + kind : "--runtime")
              + " needs namespaces, and this is "
              + here,
          "'jbuild doctor' says what keeps them from here");
    }
  }

  /** As podman and buildah take it: without dashes in front. */
  private static String flag(String text) {
    return text.startsWith("-") ? text : "--" + text;
  }
}
