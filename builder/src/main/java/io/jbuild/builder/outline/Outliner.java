package io.jbuild.builder.outline;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.outline.Outline.Argument;
import io.jbuild.builder.outline.Outline.Cache;
import io.jbuild.builder.outline.Outline.Secret;
import io.jbuild.builder.outline.Outline.Ssh;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.plan.Supply;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through the stages that a target needs, in the order of the file. */
final class Outliner {
  private final StageGraph graph;
  private final GlobalTable globals;

  Outliner(
      Buildfile file,
      Optional<String> target,
      SortedMap<String, String> buildArgs,
      Map<String, ContextSource> contexts,
      Platform platform)
      throws BuildfileException, UserException {
    this.graph = StageGraph.of(file, target, buildArgs, contexts, platform);
    this.globals = GlobalTable.of(file, graph.args());
  }

  Outline outline() throws BuildfileException {
    Map<Integer, StageOutline> done = new HashMap<>();
    List<StageOutline> order = new ArrayList<>();
    for (Stage stage : graph.needed()) {
      StageOutline outline = outline(stage, done);
      done.put(stage.index(), outline);
      order.add(outline);
    }
    // The target, which is the last, has the first word on what a name means.
    Collections.reverse(order);
    Stage target = graph.target();
    return new Outline(
        target.name(),
        target.from().description(),
        sorted(arguments(order), Argument::range),
        sorted(first(order, StageOutline::secrets), Secret::range),
        sorted(first(order, StageOutline::agents), Ssh::range),
        sorted(first(order, StageOutline::caches), Cache::range));
  }

  private StageOutline outline(Stage stage, Map<Integer, StageOutline> done)
      throws BuildfileException {
    From from = stage.from();
    SourceRange range = from.origin().range();
    @Nullable StageOutline base =
        graph.base(stage) instanceof Supply.OfStage below ? done.get(below.stage().index()) : null;
    StageOutline outline = base == null ? StageOutline.onImage(graph.args()) : base.next(range);
    if (graph.isReplaced(stage)) {
      return outline;
    }
    Expansion expansion = new Expansion(graph.args().global(), from.origin().escape());
    from.expand(expansion);
    expansion.used().forEach(outline::useGlobal);
    for (Instruction instruction : stage.instructions()) {
      outline.add(instruction, instruction.origin().range());
    }
    return outline;
  }

  private Collection<Argument> arguments(List<StageOutline> order) {
    Map<String, Argument> found = new LinkedHashMap<>();
    for (StageOutline stage : order) {
      stage.arguments().forEach(found::putIfAbsent);
      for (String used : stage.globals()) {
        for (String name : globals.withNeeds(used)) {
          globals.find(name).ifPresent(argument -> found.putIfAbsent(name, argument));
        }
      }
    }
    return found.values();
  }

  private static <T> Collection<T> first(
      List<StageOutline> order, Function<StageOutline, Map<String, T>> part) {
    Map<String, T> found = new LinkedHashMap<>();
    order.forEach(stage -> part.apply(stage).forEach(found::putIfAbsent));
    return found.values();
  }

  private static <T> List<T> sorted(Collection<T> all, Function<T, SourceRange> range) {
    return all.stream()
        .sorted(Comparator.comparingInt(each -> range.apply(each).startLine()))
        .toList();
  }
}
