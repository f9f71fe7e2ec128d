package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Directives;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.builder.source.Warning;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A whole file: arguments for its FROM lines, and its stages in order.
 *
 * @param syntax the file as written, for who looks at comments and letter case
 * @param globals the ARG instructions before the first FROM
 */
public record Buildfile(SyntaxTree syntax, List<Arg> globals, List<Stage> stages) {
  public Buildfile {
    globals = List.copyOf(globals);
    stages = List.copyOf(stages);
  }

  public static Buildfile parse(Source source) throws BuildfileException {
    return parse(source, Optional.empty());
  }

  /**
   * Parses a file.
   *
   * @param frontend replaces what the file's syntax directive says, such as {@code dockerfile.v0}
   */
  public static Buildfile parse(Source source, Optional<String> frontend)
      throws BuildfileException {
    return of(Parser.parse(source, frontend));
  }

  /** The meaning of a tree that is plain, or has been made so. */
  public static Buildfile of(SyntaxTree plain) throws BuildfileException {
    return new BuildfileReader(plain).read();
  }

  /** One instruction of a file, for who looks at nodes one by one. */
  public static Instruction instruction(Node node, char escape) throws BuildfileException {
    return new InstructionReader(escape, node).read();
  }

  /**
   * Reads an ONBUILD trigger of a base image.
   *
   * @param image for error messages
   */
  public static Instruction parseTrigger(String expression, String image)
      throws BuildfileException {
    Source source = Source.of("ONBUILD of " + image, expression);
    SyntaxTree tree = Parser.parse(source, Optional.of("dockerfile.v0"));
    if (tree.nodes().size() != 1) {
      throw new BuildfileException(
          "an ONBUILD trigger should be a single instruction", source, source.end());
    }
    Instruction trigger = new InstructionReader('\\', tree.nodes().get(0)).read();
    if (trigger instanceof From || trigger instanceof Onbuild || trigger instanceof Maintainer) {
      throw trigger.origin().error(trigger.keyword() + " isn't allowed as an ONBUILD trigger");
    }
    return trigger;
  }

  public Source source() {
    return syntax.source();
  }

  public Directives directives() {
    return syntax.directives();
  }

  public List<Warning> warnings() {
    return syntax.warnings();
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

  /** {@code did you mean NAME?}, for a stage that is not there. */
  public Optional<String> suggestStage(String name) {
    return Suggestion.hint(name, stages.stream().flatMap(s -> s.name().stream()).toList());
  }
}
