package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.CopyOptions;
import io.jbuild.builder.instruction.CopySource;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.match.PathPattern;
import io.jbuild.linux.TreePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What COPY and ADD put where. The sources are not looked at: whether one is a file or a directory
 * is not known, so a source in a directory stands for both.
 */
record CopyEffects(
    List<CopySource> sources, String destination, CopyOptions options, boolean fromContext) {
  private static final Set<String> WHOLE = Set.of(".", "./", "/", "*", "./*");

  static Optional<CopyEffects> of(Instruction instruction) {
    if (instruction instanceof Copy copy) {
      boolean context = copy.from().isEmpty();
      return Optional.of(
          new CopyEffects(copy.sources(), copy.destination(), copy.options(), context));
    }
    return instruction instanceof Add add
        ? Optional.of(new CopyEffects(add.sources(), add.destination(), add.options(), true))
        : Optional.empty();
  }

  /** Whether it takes all of the build context. */
  boolean takesWholeContext() {
    return fromContext
        && options.excludes().isEmpty()
        && sources.stream()
            .anyMatch(s -> s instanceof CopySource.Path p && WHOLE.contains(p.path()));
  }

  List<Made> made(Step step) {
    String absolute =
        destination.startsWith("/") ? destination : step.workdir() + "/" + destination;
    TreePath target = TreePath.parse(absolute);
    boolean directory = destination.endsWith("/") || destination.equals(".") || sources.size() > 1;
    List<Made> all = new ArrayList<>();
    for (CopySource source : sources) {
      TreePath path = directory ? TreePath.parse(target + "/" + name(source)) : target;
      all.add(new Made(path, step, true, options.owner().isPresent(), options.mode().isPresent()));
    }
    return all;
  }

  /** The name below the destination; nothing for what merges into it. */
  private static String name(CopySource source) {
    if (source instanceof CopySource.Inline inline) {
      return inline.name();
    }
    String path = source instanceof CopySource.Path local ? local.path() : "";
    boolean unclear = WHOLE.contains(path) || path.endsWith("/") || PathPattern.hasWildcards(path);
    return unclear ? "" : path.substring(path.lastIndexOf('/') + 1);
  }
}
