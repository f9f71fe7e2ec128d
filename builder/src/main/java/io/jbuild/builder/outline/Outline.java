package io.jbuild.builder.outline;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.oci.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What one target takes from its caller, each list in the order of the file.
 *
 * @param name of the target; empty for a stage without a name
 * @param description of the target, from the comment above it
 */
public record Outline(
    Optional<String> name,
    Optional<String> description,
    List<Argument> arguments,
    List<Secret> secrets,
    List<Ssh> ssh,
    List<Cache> caches) {
  public Outline {
    arguments = List.copyOf(arguments);
    secrets = List.copyOf(secrets);
    ssh = List.copyOf(ssh);
    caches = List.copyOf(caches);
  }

  /**
   * An ARG that the target or what it needs declares, or names in a FROM.
   *
   * @param value what it has with the given build arguments; empty where it has none
   * @param range of the instruction that gives the value
   */
  public record Argument(
      String name, Optional<String> value, Optional<String> description, SourceRange range) {}

  /** A secret of a RUN. */
  public record Secret(String id, boolean required, SourceRange range) {}

  /** An agent of a RUN. */
  public record Ssh(String id, boolean required, SourceRange range) {}

  /** A directory that a RUN keeps from build to build. */
  public record Cache(String id, SourceRange range) {}

  /**
   * The outline of a target.
   *
   * @param target a name or an index; empty is the last stage
   * @param contexts that the caller names, which replace stages and images
   */
  public static Outline of(
      Buildfile file,
      Optional<String> target,
      SortedMap<String, String> buildArgs,
      Map<String, ContextSource> contexts,
      Platform platform)
      throws BuildfileException, UserException {
    return new Outliner(file, target, buildArgs, contexts, platform).outline();
  }
}
