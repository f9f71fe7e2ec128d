package io.jbuild.builder.build;

import io.jbuild.builder.BuildListener;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.StepInfo;
import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.copy.CopyInput;
import io.jbuild.builder.image.BaseImages;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.CopySource;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.lint.BasePlatforms;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.plan.Supply;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Flights;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.step.ComputeStep;
import io.jbuild.builder.step.CopyFailure;
import io.jbuild.builder.step.CopyStep;
import io.jbuild.builder.step.MountPreparation;
import io.jbuild.builder.step.RunStep;
import io.jbuild.builder.step.StepMount;
import io.jbuild.builder.step.Workshop;
import io.jbuild.builder.value.StepLimits;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The build for one platform while it runs: stages on demand, each once, until the target is there
 * or one fails.
 */
final class BuildSession {
  private final Workshop workshop;
  private final BuildListener listener;
  private final StageGraph graph;
  private final BaseImages images;
  private final Trees trees;
  private final GitSources gitSources;
  private final StepTaker steps;
  private final Set<String> argsOfTriggers = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Platform> builtFor = new ConcurrentHashMap<>();
  private final Flights<Integer, StageState> stages;
  private final BasePlatforms basePlatforms;
  private final Watch watch;
  private final StepNames names;

  /**
   * @param workshop whose request is for one platform
   * @param trees shared with the sessions of other platforms, as is all that follows but the names
   */
  BuildSession(
      Workshop workshop,
      BuildListener listener,
      StageGraph graph,
      BaseImages images,
      BasePlatforms basePlatforms,
      Trees trees,
      GitSources gitSources,
      StepTaker steps,
      Watch watch,
      StepNames names) {
    this.workshop = workshop;
    this.stages = new Flights<>(workshop.tasks()::execute);
    this.listener = listener;
    this.graph = graph;
    this.images = images;
    this.basePlatforms = basePlatforms;
    this.trees = trees;
    this.gitSources = gitSources;
    this.steps = steps;
    this.watch = watch;
    this.names = names;
  }

  Workshop workshop() {
    return workshop;
  }

  StageGraph graph() {
    return graph;
  }

  Tasks tasks() {
    return workshop.tasks();
  }

  Cancellation cancellation() {
    return workshop.cancellation();
  }

  StepTaker steps() {
    return steps;
  }

  /** How many steps people will see, as far as the Buildfile tells. */
  int planned() throws BuildfileException {
    int total = 0;
    for (Stage stage : graph.needed()) {
      total += 1 + (int) stage.instructions().stream().filter(StageRunner::isStep).count();
    }
    return total;
  }

  /** Begins the target stage and all that it needs. */
  CompletableFuture<StageState> begin() throws BuildfileException {
    for (Stage stage :
        graph.needed()) { // in the order of the file: a base is begun before its users
      CompletableFuture<StageState> unused = stage(stage);
    }
    return stage(graph.target());
  }

  /** The state after a stage, which is begun now if nobody has asked for it before. */
  private CompletableFuture<StageState> stage(Stage stage) {
    return stages.join(
        stage.index(),
        () -> {
          CompletableFuture<StageState> result = begin(stage);
          watch.add(result);
          return result;
        });
  }

  private CompletableFuture<StageState> begin(Stage stage) {
    try {
      cancellation().check();
      Supply base = graph.base(stage);
      CompletableFuture<StageState> begun = base(stage, base);
      if (graph.isReplaced(stage)) {
        return begun;
      }
      return begun.thenCompose(
          state -> {
            try {
              return new StageRunner(this, stage, state).run();
            } catch (BuildfileException e) {
              throw new CompletionException(e);
            }
          });
    } catch (BuildfileException | CancellationException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<StageState> base(Stage stage, Supply base) throws BuildfileException {
    StepInfo info = names.from(stage, graph.from(stage), builtFor(stage));
    if (base instanceof Supply.OfStage of) {
      return stage(of.stage()).thenApply(state -> begun(info, state.asBase()));
    }
    if (base instanceof Supply.Scratch) {
      return CompletableFuture.completedFuture(
          begun(info, StageState.scratch(graph.platform(stage), workshop.fixedTime())));
    }
    Origin origin = stage.from().origin();
    if (base instanceof Supply.OfContext context && context.isFiles()) {
      return files(stage, context, info, origin);
    }
    CompletableFuture<ImageConfig> image = image(base, graph.platform(stage), origin);
    long start = System.nanoTime();
    listener.stepStarted(info);
    return image
        .whenComplete(
            (config, error) -> {
              Duration took = Duration.ofNanos(System.nanoTime() - start);
              if (error == null) {
                steps.cached(info);
              } else {
                listener.stepFailed(info, took, String.valueOf(Tasks.unwrap(error).getMessage()));
              }
            })
        .thenApply(config -> onImage(stage, config));
  }

  private StageState onImage(Stage stage, ImageConfig base) {
    try {
      String name = graph.from(stage).base();
      basePlatforms.check(stage, name, base.platform(), graph.platform(stage));
      return StageState.from(base, workshop.fixedTime());
    } catch (BuildfileException e) {
      throw new CompletionException(e);
    }
  }

  /** A stage that begins with the files of a context, as if it were COPY on scratch. */
  private CompletableFuture<StageState> files(
      Stage stage, Supply.OfContext context, StepInfo info, Origin origin)
      throws BuildfileException {
    StageState empty = StageState.scratch(graph.platform(stage), workshop.fixedTime());
    CompletableFuture<SourceTree> tree = trees.named(context.name(), context.source());
    Copy all = Copy.everything(origin, context.name());
    return tasks()
        .after(tree, () -> new CopyPreparation(workshop).copy(all, empty, tree::join))
        .thenCompose(
            step ->
                steps
                    .take(info, step.key(0), step, isFresh(stage))
                    .thenApply(
                        record ->
                            empty.stepped(
                                step.key(0).digest(),
                                record.layer(),
                                record.created(),
                                step.createdBy(),
                                empty.config())));
  }

  /** A base that needs no work is told of all the same: people count the steps. */
  private StageState begun(StepInfo info, StageState state) {
    begun(info);
    return state;
  }

  void begun(StepInfo info) {
    listener.stepStarted(info);
    steps.cached(info);
  }

  /** An image of a registry, of the store, or of a layout that the caller named. */
  private CompletableFuture<ImageConfig> image(Supply supply, Platform platform, Origin origin)
      throws BuildfileException {
    if (supply instanceof Supply.OfImage image) {
      return images.get(image, platform);
    }
    if (supply instanceof Supply.OfContext context
        && context.source() instanceof ContextSource.Layout layout) {
      return images.layout(layout.place(), platform, origin);
    }
    throw origin.error(
        supply + " is no image", "give docker-image://NAME or oci-layout://DIRECTORY");
  }

  /** The platform that a stage is built for, which is that of the stage it begins with. */
  Platform builtFor(Stage stage) throws BuildfileException {
    Stage lowest = stage;
    Platform known = builtFor.get(lowest.index());
    while (known == null && graph.base(lowest) instanceof Supply.OfStage base) {
      lowest = base.stage();
      known = builtFor.get(lowest.index());
    }
    Platform found = known == null ? graph.platform(lowest) : known;
    builtFor.put(stage.index(), found);
    return found;
  }

  StepNames names() {
    return names;
  }

  /** Begins what a stage will copy from. */
  void prepare(Supply supply) {
    if (supply instanceof Supply.OfStage of) {
      CompletableFuture<StageState> unused = stage(of.stage());
    } else if (supply instanceof Supply.OfImage image) {
      CompletableFuture<ImageConfig> unused = images.get(image, workshop.request().platform());
    }
  }

  boolean isFresh(Stage stage) {
    return workshop.request().noCache()
        || workshop.request().noCacheStages().stream().anyMatch(stage::isNamed);
  }

  /** The tree that a {@code --from} names, once it is there. */
  private CompletableFuture<SourceTree> tree(Supply supply, Origin origin)
      throws BuildfileException {
    if (supply instanceof Supply.OfStage of) {
      String name = "stage \"" + of.stage().label() + "\"";
      return tasks().after(stage(of.stage()), () -> image(name, stage(of.stage()).join().layers()));
    }
    if (supply instanceof Supply.Scratch) {
      return tasks().submit(() -> image("scratch", List.of()));
    }
    if (supply instanceof Supply.OfContext context && context.isFiles()) {
      return trees.named(context.name(), context.source());
    }
    String name =
        supply instanceof Supply.OfImage image
            ? "image " + image.reference().familiar()
            : supply.toString();
    CompletableFuture<ImageConfig> config = image(supply, workshop.request().platform(), origin);
    return tasks().after(config, () -> image(name, config.join().diffIds()));
  }

  private SourceTree image(String name, List<DiffId> layers) throws IOException {
    return trees.image(name, layers);
  }

  CompletableFuture<CopyStep> copyStep(Stage stage, Copy copy, StageState state)
      throws BuildfileException {
    CopyPreparation preparation = new CopyPreparation(workshop);
    if (copy.from().isEmpty()) {
      return tasks().submit(() -> preparation.copy(copy, state, trees::context));
    }
    Supply supply = graph.supply(copy.from().get(), stage, copy.origin());
    CompletableFuture<SourceTree> tree = tree(supply, copy.origin());
    return tasks().after(tree, () -> preparation.copy(copy, state, tree::join));
  }

  CompletableFuture<CopyStep> addStep(Add add, StageState state) {
    CopyPreparation preparation = new CopyPreparation(workshop);
    return tasks()
        .submit(
            () -> {
              List<CopyInput> inputs = new ArrayList<>();
              for (CopySource source : add.sources()) {
                Optional<CopyInput> fetched = fetched(source, add);
                inputs.add(
                    fetched.isPresent()
                        ? fetched.get()
                        : preparation.input(source, add.origin(), trees::context));
              }
              return preparation.add(add, state, inputs, add.unpack().orElse(true));
            });
  }

  private Optional<CopyInput> fetched(CopySource source, Add add)
      throws IOException, BuildfileException, InterruptedException {
    if (!(source instanceof CopySource.Path path)) {
      return local(add);
    }
    Optional<CopyInput> repository = gitSources.input(path.path(), add);
    if (repository.isPresent()) {
      return repository;
    }
    Optional<ContextSource.Remote> remote = remote(path, add.origin());
    if (remote.isEmpty()) {
      return local(add);
    }
    if (!(remote.get() instanceof ContextSource.Http http)) {
      throw add.origin().error("no URL of a repository: " + remote.get());
    }
    Download download = new Download(workshop.web(), trees::blobs);
    try {
      return Optional.of(download.fetch(http, add));
    } catch (UserException e) {
      throw CopyFailure.at(add.origin(), e);
    }
  }

  private static Optional<ContextSource.Remote> remote(CopySource.Path path, Origin origin)
      throws BuildfileException {
    try {
      return ContextSource.Remote.find(path.path());
    } catch (UserException e) {
      throw CopyFailure.at(origin, e);
    }
  }

  /** Nothing is fetched; a checksum that nobody would look at is refused. */
  private static Optional<CopyInput> local(Add add) throws BuildfileException {
    if (add.checksum().isPresent()) {
      throw add.origin().error("--checksum is for what ADD fetches from a URL");
    }
    return Optional.empty();
  }

  CompletableFuture<ComputeStep> computeStep(
      Stage stage, ComputedArg arg, StageState state, List<RunMount> mounts, StepLimits limits)
      throws BuildfileException {
    return runStep(stage, arg.run(), state, mounts, limits)
        .thenApply(run -> new ComputeStep(arg, run, cancellation()));
  }

  CompletableFuture<RunStep> runStep(
      Stage stage, Run run, StageState state, List<RunMount> mounts, StepLimits limits)
      throws BuildfileException {
    MountPreparation preparation = new MountPreparation(workshop, run, state);
    preparation.checkEntitlements();
    Map<String, CompletableFuture<SourceTree>> sources = new HashMap<>();
    for (RunMount mount : mounts) {
      Optional<String> from = MountPreparation.from(mount);
      if (from.isPresent() && !sources.containsKey(from.get())) {
        Supply supply = graph.supply(from.get(), stage, run.origin());
        sources.put(from.get(), tree(supply, run.origin()));
      }
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(sources.values().toArray(CompletableFuture[]::new));
    return tasks()
        .after(
            all,
            () -> {
              List<StepMount> prepared = new ArrayList<>();
              for (RunMount mount : mounts) {
                prepared.add(preparation.mount(mount, name -> sourceTree(sources, name, run)));
              }
              preparation.devices().ifPresent(prepared::add);
              return new RunStep(workshop, run, state, prepared, graph.args().proxies(), limits);
            });
  }

  private SourceTree sourceTree(
      Map<String, CompletableFuture<SourceTree>> sources, Optional<String> name, Run run)
      throws IOException, BuildfileException {
    try {
      CompletableFuture<SourceTree> named = name.map(sources::get).orElse(null);
      return named == null ? trees.context() : named.join();
    } catch (UserException e) {
      throw CopyFailure.at(run.origin(), e);
    }
  }

  void declared(String argOfTrigger) {
    argsOfTriggers.add(argOfTrigger);
  }

  /** Arguments that the ONBUILD instructions of the base images take. */
  Set<String> argsOfTriggers() {
    return Set.copyOf(argsOfTriggers);
  }
}
