package io.jbuild.builder.lint;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.extend.BuildFacts;
import io.jbuild.builder.extend.IncludeFiles;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.oci.Platform;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the checks take into account beside the file. Begin with {@link #defaults}.
 *
 * @param ignores the ignore rules of the build context
 * @param target the only stage whose instructions count, with what it needs; empty: all stages
 * @param platform of the image
 * @param contexts that the caller names, which replace stages and images
 * @param files what INCLUDE reads
 * @param cost whether hints about cost are wanted
 */
public record CheckContext(
    IgnoreRules ignores,
    SortedMap<String, String> buildArgs,
    Optional<String> target,
    Platform platform,
    SortedMap<String, ContextSource> contexts,
    BaseImages bases,
    IncludeFiles files,
    boolean cost) {
  public CheckContext {
    buildArgs = Collections.unmodifiableSortedMap(new TreeMap<>(buildArgs));
    contexts = Collections.unmodifiableSortedMap(new TreeMap<>(contexts));
  }

  /** No ignore file, no build arguments, all stages, this machine's platform, no hints. */
  public static CheckContext defaults() {
    return new CheckContext(
        IgnoreRules.NONE,
        new TreeMap<>(),
        Optional.empty(),
        Platform.host(),
        new TreeMap<>(),
        BaseImages.NONE,
        IncludeFiles.NONE,
        false);
  }

  public CheckContext withIgnores(IgnoreRules rules) {
    return new CheckContext(rules, buildArgs, target, platform, contexts, bases, files, cost);
  }

  public CheckContext withBuildArgs(Map<String, String> args) {
    return new CheckContext(
        ignores, new TreeMap<>(args), target, platform, contexts, bases, files, cost);
  }

  public CheckContext withTarget(Optional<String> stage) {
    return new CheckContext(ignores, buildArgs, stage, platform, contexts, bases, files, cost);
  }

  public CheckContext withPlatform(Platform other) {
    return new CheckContext(ignores, buildArgs, target, other, contexts, bases, files, cost);
  }

  public CheckContext withContexts(Map<String, ContextSource> named) {
    return new CheckContext(
        ignores, buildArgs, target, platform, new TreeMap<>(named), bases, files, cost);
  }

  public CheckContext withBases(BaseImages images) {
    return new CheckContext(ignores, buildArgs, target, platform, contexts, images, files, cost);
  }

  public CheckContext withFiles(IncludeFiles others) {
    return new CheckContext(ignores, buildArgs, target, platform, contexts, bases, others, cost);
  }

  /** What decides which instructions there are. */
  public BuildFacts facts() {
    return new BuildFacts(buildArgs, platform, target, files);
  }

  public CheckContext withCost(boolean wanted) {
    return new CheckContext(ignores, buildArgs, target, platform, contexts, bases, files, wanted);
  }
}
