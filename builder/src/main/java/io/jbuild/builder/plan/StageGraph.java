package io.jbuild.builder.plan;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.ComputedArg;
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
import java.util.TreeSet;

/** The stages of one build, what each begins with, and which are needed. Immutable. */
public final class StageGraph {
  private static final String SCRATCH = "scratch";

  private final Buildfile buildfile;
  private final NamedContexts contexts;
  private final Platform platform;
  private final ArgValues args;
  private final Stage target;
  private final List<From> froms;

  private StageGraph(
      Buildfile buildfile,
      NamedContexts contexts,
      Platform platform,
      ArgValues args,
      Stage target,
      List<From> froms) {
    this.buildfile = buildfile;
    this.contexts = contexts;
    this.platform = platform;
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
      Map<String, ContextSource> contexts,
      Platform platform)
      throws BuildfileException, UserException {
    Stage target = target(buildfile, wanted);
    ArgValues args = GlobalArgs.of(buildfile, buildArgs, platform, wanted);
    List<From> froms = new ArrayList<>();
    for (Stage stage : buildfile.stages()) {
      From from = stage.from();
      froms.add(from.expand(new Expansion(args.global(), from.origin().escape())));
    }
    return new StageGraph(buildfile, NamedContexts.of(contexts), platform, args, target, froms);
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

  /** A stage by name or index. */
  public Optional<Stage> named(String nameOrIndex) {
    return buildfile.stage(nameOrIndex);
  }

  /** The FROM line with its variables replaced. */
  public From from(Stage stage) {
    return froms.get(stage.index());
  }

  /** What a stage begins with. */
  public Supply base(Stage stage) throws BuildfileException {
    From from = from(stage);
    Optional<Supply> instead = instead(stage);
    return instead.isPresent()
        ? instead.get()
        : supply(from.base(), above(from.base(), stage), stage, platform(stage), from.origin());
  }

  /** Whether a context of the caller takes the place of all that the stage does. */
  public boolean isReplaced(Stage stage) throws BuildfileException {
    return instead(stage).isPresent();
  }

  /** What its FROM says that it is for, or what the build is for. */
  public Platform platform(Stage stage) throws BuildfileException {
    Optional<String> named = from(stage).platform();
    return named.isEmpty() ? platform : PlatformNames.parse(named.get(), stage.from().origin());
  }

  private Optional<Supply> instead(Stage stage) throws BuildfileException {
    return stage.name().isPresent()
        ? context(stage.name().get(), stage, platform(stage), stage.from().origin())
        : Optional.empty();
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
    if (context(name, user, platform, origin).isEmpty()) {
      checkStage(name, stage, user, origin);
    }
    return supply(name, stage, user, platform, origin);
  }

  private void checkStage(String name, Optional<Stage> stage, Stage user, Origin origin)
      throws BuildfileException {
    if (stage.isPresent() && stage.get().index() >= user.index()) {
      String which = stage.get().index() == user.index() ? "this stage itself" : "a later stage";
      throw origin
          .error(
              "from=" + name + " names " + which, "only stages above this one can be copied from")
          .at(name);
    }
    if (stage.isEmpty() && isNumber(name)) {
      throw origin
          .error(
              "from=" + name + ": there is no stage with this index",
              "stages are counted from 0; this file's last is " + (buildfile.stages().size() - 1))
          .at(name);
    }
  }

  private Supply supply(
      String name, Optional<Stage> stage, Stage user, Platform wanted, Origin origin)
      throws BuildfileException {
    Optional<Supply> context = context(name, user, wanted, origin);
    if (context.isPresent()) {
      return context.get();
    }
    if (stage.isPresent()) {
      return new Supply.OfStage(stage.get());
    }
    return name.equals(SCRATCH)
        ? new Supply.Scratch()
        : new Supply.OfImage(reference(name, user, origin), origin, nearStage(name, user));
  }

  /** What the caller gave for a name; for the stages of its own making it gave nothing. */
  private Optional<Supply> context(String name, Stage user, Platform wanted, Origin origin)
      throws BuildfileException {
    Optional<ContextSource> found = contexts.find(name, wanted);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ContextSource source = found.get();
    if (source instanceof ContextSource.Target target) {
      return Optional.of(namedStage(name, target, origin))
          .filter(stage -> stage.index() < user.index())
          .map(Supply.OfStage::new);
    } else if (source instanceof ContextSource.Image image) {
      return Optional.of(new Supply.OfImage(image.reference(), origin, Optional.empty()));
    } else if (source instanceof ContextSource.Scratch) {
      return Optional.of(new Supply.Scratch());
    }
    return Optional.of(new Supply.OfContext(name, source, origin));
  }

  private Stage namedStage(String context, ContextSource.Target wanted, Origin origin)
      throws BuildfileException {
    Optional<Stage> stage = buildfile.stage(wanted.stage());
    if (stage.isEmpty()) {
      List<String> names = buildfile.stages().stream().map(Stage::label).toList();
      throw origin.error(
          "context \"" + context + "\": there is no stage \"" + wanted.stage() + "\"",
          Suggestion.hint(wanted.stage(), names).orElse("stages: " + String.join(", ", names)));
    }
    return stage.get();
  }

  /** A stage above with nearly this name. */
  private Optional<String> nearStage(String name, Stage user) {
    List<String> names =
        buildfile.stages().subList(0, user.index()).stream()
            .flatMap(stage -> stage.name().stream())
            .toList();
    return Suggestion.hint(name, names);
  }

  private Reference reference(String name, Stage user, Origin origin) throws BuildfileException {
    try {
      return Reference.parse(name);
    } catch (MalformedException e) {
      BuildfileException error =
          nearStage(name, user)
              .map(hint -> origin.error(e.getMessage(), hint))
              .orElseGet(() -> origin.error(e.getMessage()))
              .at(name);
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
    if (instruction instanceof ComputedArg computed) {
      return names(computed.run());
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
        List<Supply> all = new ArrayList<>(List.of(base(stage)));
        if (!isReplaced(stage)) {
          all.addAll(supplies(stage, stage.instructions()));
        }
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
    Set<String> declared = declared(others);
    return args.fromCaller().keySet().stream()
        .filter(name -> !declared.contains(name))
        .filter(name -> !ArgValues.isProxy(name) && !name.startsWith("BUILDKIT_"))
        .filter(name -> !args.global().containsKey(name) && !name.equals("SOURCE_DATE_EPOCH"))
        .toList();
  }

  /** The name of an ARG that is nearly this one. */
  public Optional<String> nearestArg(String name) {
    return Suggestion.nearest(name, declared(Set.of()).stream().sorted().toList());
  }

  private Set<String> declared(Set<String> others) {
    Set<String> declared = new HashSet<>(others);
    buildfile.globals().forEach(arg -> addNames(arg, declared));
    for (Stage stage : buildfile.stages()) {
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Arg arg) {
          addNames(arg, declared);
        } else if (instruction instanceof ComputedArg computed) {
          declared.add(computed.name());
        }
      }
    }
    return declared;
  }

  private static void addNames(Arg arg, Set<String> names) {
    arg.definitions().forEach(definition -> names.add(definition.name()));
  }
}
