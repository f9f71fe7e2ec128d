package io.jbuild.builder.extend;

import io.jbuild.builder.BuildRequest;
import io.jbuild.oci.Platform;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a build before it begins, and may decide an IF.
 *
 * @param target the stage that is asked for
 * @param files of the build context
 */
public record BuildFacts(
    SortedMap<String, String> buildArgs,
    Platform platform,
    Optional<String> target,
    IncludeFiles files) {
  public BuildFacts {
    buildArgs = Collections.unmodifiableSortedMap(new TreeMap<>(buildArgs));
  }

  /** No build arguments, this machine's platform, no context. */
  public static BuildFacts none() {
    return new BuildFacts(
        new TreeMap<>(Map.of()), Platform.host(), Optional.empty(), IncludeFiles.NONE);
  }

  public static BuildFacts of(BuildRequest request) {
    return new BuildFacts(
        request.buildArgs(),
        request.platform(),
        request.target(),
        IncludeFiles.of(request.context()));
  }

  public BuildFacts withFiles(IncludeFiles others) {
    return new BuildFacts(buildArgs, platform, target, others);
  }

  public BuildFacts withBuildArgs(Map<String, String> args) {
    return new BuildFacts(new TreeMap<>(args), platform, target, files);
  }

  public BuildFacts withPlatform(Platform other) {
    return new BuildFacts(buildArgs, other, target, files);
  }
}
