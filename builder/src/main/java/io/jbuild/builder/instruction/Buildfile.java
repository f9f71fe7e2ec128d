package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Directives;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.Warning;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A whole file: arguments for its FROM lines, and its stages in order.
 *
 * @param globals the ARG instructions before the first FROM
 */
public record Buildfile(
    Source source,
    Directives directives,
    List<Arg> globals,
    List<Stage> stages,
    List<Warning> warnings) {
  public Buildfile {
    globals = List.copyOf(globals);
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
  }

  /** A stage by name, in any case, or by index; of several with one name the last. */
  public Optional<Stage> stage(String nameOrIndex) {
    String name = nameOrIndex.toLowerCase(Locale.ROOT);
    Optional<Stage> named =
        stages.stream().filter(s -> s.name().equals(Optional.of(name))).reduce((a, b) -> b);
    return named.or(
        () ->
            Numbers.unsigned(name, 10, (long) stages.size() - 1)
                .map(index -> stages.get(index.intValue())));
  }
}
