package io.jbuild.cli;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Options of {@code docker build} that scripts pass and that change nothing here. What would change
 * the result is refused, and what only makes it faster elsewhere is told.
 */
final class CompatibilityOptions {
  @Option(
      names = {"--load", "--rm", "--force-rm", "--compress", "--disable-content-trust"},
      arity = "0..1",
      hidden = true,
      description = "Accepted: the store always has the image, and steps leave nothing.")
  boolean @Nullable [] needless;

  @Option(
      names = "--rewrite-timestamp",
      hidden = true,
      description = "Accepted: a source date epoch clamps the times of files anyway.")
  boolean rewriteTimestamp;

  @Option(
      names = "--builder",
      hidden = true,
      paramLabel = "NAME",
      description = "Accepted: there is one builder.")
  @Nullable String builder;

  @Option(
      names = {"--cache-from", "--cache-to"},
      hidden = true,
      paramLabel = "CACHE",
      description = "Left out: the cache is the store.")
  List<String> caches = List.of();

  @Option(
      names = {"--provenance", "--sbom"},
      hidden = true,
      paramLabel = "false",
      description = "Only false: no attestations are made.")
  List<String> attestations = List.of();

  void check(Consumer<String> warnings) {
    for (String cache : caches) {
      warnings.accept("cache '" + cache + "' is left out: the cache is the store");
    }
    for (String attestation : attestations) {
      if (!attestation.equals("false")) {
        throw new TypeConversionException(
            "--provenance and --sbom: no attestations are made, only false");
      }
    }
  }
}
