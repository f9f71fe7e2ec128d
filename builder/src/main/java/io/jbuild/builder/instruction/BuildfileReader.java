package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Node;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts the instructions of a file into global arguments and stages. */
final class BuildfileReader {
  private final SyntaxTree syntax;
  private final List<Arg> globals = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private Optional<From> from = Optional.empty();
  private List<Instruction> instructions = new ArrayList<>();

  BuildfileReader(SyntaxTree syntax) {
    this.syntax = syntax;
  }

  Buildfile read() throws BuildfileException {
    for (Node node : syntax.nodes()) {
      add(new InstructionReader(syntax.directives().escape(), node).read());
    }
    endStage();
    if (stages.isEmpty()) {
      throw new BuildfileException(
          "no build stage: there is no FROM", syntax.source(), syntax.source().end());
    }
    return new Buildfile(syntax, globals, stages);
  }

  private void add(Instruction instruction) throws BuildfileException {
    if (instruction instanceof From next) {
      endStage();
      from = Optional.of(next);
    } else if (from.isPresent()) {
      instructions.add(instruction);
    } else if (instruction instanceof Arg arg) {
      globals.add(arg);
    } else if (instruction instanceof ComputedArg computed) {
      throw computed
          .origin()
          .error("ARG " + computed.name() + "=$(command) needs a stage to run in");
    } else {
      throw instruction
          .origin()
          .error("no build stage in current context", "only ARG may come before the first FROM");
    }
  }

  private void endStage() {
    from.ifPresent(f -> stages.add(new Stage(stages.size(), f, instructions)));
    instructions = new ArrayList<>();
  }
}
