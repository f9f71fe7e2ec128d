package io.jbuild.builder.engine;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.CopySource;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.step.CopyFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A stage that SOURCE_DATE_EPOCH names: on scratch, arguments, and one ADD of what is fetched. */
final class EpochStage {
  private static final String HINT =
      "the stage that SOURCE_DATE_EPOCH names is FROM scratch, ARGs, and one remote ADD";

  private final StageGraph graph;
  private final Stage stage;

  EpochStage(StageGraph graph, Stage stage) {
    this.graph = graph;
    this.stage = stage;
  }

  ContextSource.Remote source() throws BuildfileException {
    Origin from = stage.from().origin();
    if (!graph.from(stage).base().equals("scratch")) {
      throw from.error("the time of this stage is not known: it does not begin FROM scratch", HINT);
    }
    Map<String, String> values = new TreeMap<>(graph.args().global());
    values.remove(SourceDateEpoch.NAME);
    List<ContextSource.Remote> found = new ArrayList<>();
    for (Instruction instruction : stage.instructions()) {
      if (instruction instanceof Arg arg) {
        declare(arg, values);
      } else if (instruction instanceof Add add) {
        found.add(source(add.expand(new Expansion(values, add.origin().escape()))));
      } else {
        throw instruction
            .origin()
            .error("the time of a stage with " + instruction.keyword() + " is not known", HINT);
      }
    }
    if (found.size() != 1) {
      throw from.error(
          "the time of this stage is not known: it has " + found.size() + " ADDs, not one", HINT);
    }
    return found.get(0);
  }

  private void declare(Arg arg, Map<String, String> values) throws BuildfileException {
    for (Arg.Definition definition : arg.definitions()) {
      Optional<String> given = graph.args().given(definition.name());
      Optional<String> value =
          given.isPresent()
              ? given
              : definition
                  .expand(new Expansion(values, arg.origin().escape()), arg.origin())
                  .defaultValue();
      value.ifPresent(text -> values.put(definition.name(), text));
    }
  }

  private static ContextSource.Remote source(Add add) throws BuildfileException {
    Optional<ContextSource.Remote> remote = Optional.empty();
    if (add.sources().size() == 1 && add.sources().get(0) instanceof CopySource.Path path) {
      try {
        remote = ContextSource.Remote.find(path.path());
      } catch (UserException e) {
        throw CopyFailure.at(add.origin(), e);
      }
    }
    return remote.orElseThrow(
        () -> add.origin().error("the time of this ADD is not known: it fetches nothing", HINT));
  }
}
