package io.jbuild.builder.outline;

import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.source.SourceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stage as something to ask for.
 *
 * @param isDefault whether it is built when no target is named
 * @param description from the comment above: {@code # name what it is for}
 * @param base what the FROM names, variables as they are written
 * @param platform of the FROM, variables as they are written
 */
public record Target(
    Optional<String> name,
    boolean isDefault,
    Optional<String> description,
    String base,
    Optional<String> platform,
    SourceRange range) {

  /** The targets of a file, in its order. */
  public static List<Target> of(Buildfile file) {
    List<Target> targets = new ArrayList<>();
    for (Stage stage : file.stages()) {
      From from = stage.from();
      targets.add(
          new Target(
              stage.name(),
              stage.index() == file.stages().size() - 1,
              from.description(),
              from.base(),
              from.platform(),
              from.origin().range()));
    }
    return targets;
  }
}
