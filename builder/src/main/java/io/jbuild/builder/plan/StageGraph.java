package io.jbuild.builder.plan;

import io.jbuild.builder.UserException;
import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.MountFlag;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.builder.stage.ArgValues;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The stages of one build, what each begins with, and which are needed. Immutable. */
public final class StageGraph {
  private static final String SCRATCH = "scratch";

  private final Buildfile buildfile;
  private final Map<String, String> contexts;
  private final ArgValues args;
  private final Stage target;
  private final List<From> froms;

  private StageGraph(
      Buildfile buildfile,
      Map<String, String> contexts,
      ArgValues args,
      Stage target,
      List<From> froms) {
    this.buildfile = buildfile;
    this.contexts = contexts;
    this.args = args;
    this.target = target;
    this.froms = List.copyOf(froms);
  }

  /**
   * Finds the target, and expands every FROM line.
   *
   * @param wanted the target's name or index; empty is the last stage
   */
  public static StageGraph of(
      Buildfile buildfile,
      Optional<String> wanted,
      SortedMap<String, String> buildArgs,
      SortedMap<String, String> contexts,
      Platform platform)
      throws BuildfileException, UserException {
    Stage target = target(buildfile, wanted);
    ArgValues args = GlobalArgs.of(buildfile, buildArgs, platform, wanted);
    List<From> froms = new ArrayList<>();
    for (Stage stage : buildfile.stages()) {
      From from = stage.from();
      froms.add(from.expand(new Expansion(args.global(), from.origin().escape())));
    }
    return new StageGraph(buildfile, folded(contexts), args, target, froms);
  }

  private static SortedMap<String, String> folded(Map<String, String> contexts) {
    TreeMap<String, String> lower = new TreeMap<>();
    contexts.forEach((name, source) -> lower.put(name.toLowerCase(Locale.ROOT), source));
    return lower;
  }

  private static Stage target(Buildfile buildfile, Optional<String> wanted) throws UserException {
    List<Stage> stages = buildfile.stages();
    if (wanted.isEmpty()) {
      return stages.get(stages.size() - 1);
    }
    Optional<Stage> found = buildfile.stage(wanted.get());
    if (found.isEmpty()) {
      List<String> names = stages.stream().map(Stage::label).toList();
      throw new UserException(
          "target stage \"" + wanted.get() + "\" is not in " + buildfile.source().name(),
          Suggestion.hint(wanted.get(), names).orElse("its stages: " + String.join(", ", names)));
    }
    return found.get();
  }

  public Stage target() {
    return target;
  }

  public ArgValues args() {
    return args;
  }

  /** The FROM line with its variables replaced. */
  public From from(Stage stage) {
    return froms.get(stage.index());
  }

  /** What a stage begins with. */
  public Supply base(Stage stage) throws BuildfileException {
    From from = from(stage);
    Optional<Supply> context =
        stage.name().filter(contexts::containsKey).map(name -> context(name, from.origin()));
    if (context.isPresent()) {
      return context.get();
    }
    return supply(from.base(), above(from.base(), stage), from.origin());
  }

  /**
   * The nearest stage above of that name. A later one, or the stage itself, is not meant: {@code
   * FROM golang AS golang}, {@code FROM build AS build}. A number is an image's name here.
   */
  private Optional<Stage> above(String name, Stage stage) {
    Optional<String> wanted = Optional.of(name.toLowerCase(Locale.ROOT));
    return buildfile.stages().subList(0, stage.index()).stream()
        .filter(other -> other.name().equals(wanted))
        .reduce((first, last) -> last);
  }

  /** What a {@code --from} or a mount's {@code from} in a stage stands for. */
  public Supply supply(String name, Stage user, Origin origin) throws BuildfileException {
    Optional<Stage> stage = buildfile.stage(name);
    boolean hidden = contexts.containsKey(name.toLowerCase(Locale.ROOT));
    if (!hidden && stage.isPresent() && stage.get().index() >= user.index()) {
      String which = stage.get().index() == user.index() ? "this stage itself" : "a later stage";
      throw origin.error(
          "from=" + name + " names " + which, "only stages above this one can be copied from");
    }
    if (!hidden && stage.isEmpty() && isNumber(name)) {
      throw origin.error("from=" + name + ": there is no stage with this index");
    }
    return supply(name, stage, origin);
  }

  private Supply supply(String name, Optional<Stage> stage, Origin origin)
      throws BuildfileException {
    if (contexts.containsKey(name.toLowerCase(Locale.ROOT))) {
      return context(name.toLowerCase(Locale.ROOT), origin);
    }
    if (stage.isPresent()) {
      return new Supply.OfStage(stage.get());
    }
    if (name.equals(SCRATCH)) {
      return new Supply.Scratch();
    }
    Reference reference = reference(name, origin);
    // A context may replace an image by any of the names that people write for it.
    for (String alias : List.of(reference.familiar(), reference.toString())) {
      if (contexts.containsKey(alias)) {
        return context(alias, origin);
      }
    }
    return new Supply.OfImage(reference, origin);
  }

  private Supply context(String name, Origin origin) {
    return new Supply.OfContext(name, String.valueOf(contexts.get(name)), origin);
  }

  private Reference reference(String name, Origin origin) throws BuildfileException {
    try {
      return Reference.parse(name);
    } catch (MalformedException e) {
      List<String> names = buildfile.stages().stream().map(Stage::label).toList();
      BuildfileException error =
          Suggestion.hint(name, names)
              .map(hint -> origin.error(e.getMessage(), hint))
              .orElseGet(() -> origin.error(e.getMessage()));
      error.initCause(e);
      throw error;
    }
  }

  private static boolean isNumber(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Everything that a stage takes files from, its base aside. */
  public List<Supply> supplies(Stage user, List<Instruction> instructions)
      throws BuildfileException {
    List<Supply> all = new ArrayList<>();
    for (Instruction instruction : instructions) {
      for (String name : names(instruction)) {
        all.add(supply(name, user, instruction.origin()));
      }
    }
    return all;
  }

  private static List<String> names(Instruction instruction) {
    if (instruction instanceof Copy copy) {
      return copy.from().map(List::of).orElse(List.of());
    }
    if (instruction instanceof Run run) {
      return run.mounts().stream().map(MountFlag::from).flatMap(Optional::stream).toList();
    }
    return List.of();
  }

  /** The stages that the target needs, in the order of the file. */
  public List<Stage> needed() throws BuildfileException {
    Set<Integer> indexes = new TreeSet<>();
    Deque<Stage> todo = new ArrayDeque<>(List.of(target));
    while (!todo.isEmpty()) {
      Stage stage = todo.pop();
      if (indexes.add(stage.index())) {
        List<Supply> all = new ArrayList<>(supplies(stage, stage.instructions()));
        all.add(base(stage));
        for (Supply supply : all) {
          if (supply instanceof Supply.OfStage needed) {
            todo.push(needed.stage());
          }
        }
      }
    }
    return indexes.stream().map(buildfile.stages()::get).toList();
  }

  /**
   * Names that the caller gave a value for and no ARG takes.
   *
   * @param others names that are declared elsewhere
   */
  public List<String> unusedArgs(Set<String> others) {
    Set<String> declared = new HashSet<>(others);
    buildfile.globals().forEach(arg -> addNames(arg, declared));
    for (Stage stage : buildfile.stages()) {
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Arg arg) {
          addNames(arg, declared);
        }
      }
    }
    return args.fromCaller().keySet().stream()
        .filter(name -> !declared.contains(name))
        .filter(name -> !ArgValues.isProxy(name) && !name.startsWith("BUILDKIT_"))
        .filter(name -> !args.global().containsKey(name) && !name.equals("SOURCE_DATE_EPOCH"))
        .toList();
  }

  private static void addNames(Arg arg, Set<String> names) {
    arg.definitions().forEach(definition -> names.add(definition.name()));
  }
}
