package io.jbuild.builder.engine;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildListener;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildResult;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.Images;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.PullPolicy;
import io.jbuild.builder.RunRequest;
import io.jbuild.builder.TransferListener;
import io.jbuild.builder.UserException;
import io.jbuild.builder.build.PlatformBuilds;
import io.jbuild.builder.container.ImageRunner;
import io.jbuild.builder.context.BuildfileFinder;
import io.jbuild.builder.git.GitAccess;
import io.jbuild.builder.git.GitRepositories;
import io.jbuild.builder.image.BaseImages;
import io.jbuild.builder.image.Exporter;
import io.jbuild.builder.image.ImageSet;
import io.jbuild.builder.image.Importer;
import io.jbuild.builder.image.Manifests;
import io.jbuild.builder.image.Puller;
import io.jbuild.builder.image.Pusher;
import io.jbuild.builder.image.StoreImages;
import io.jbuild.builder.lint.BasePlatforms;
import io.jbuild.builder.lint.BuildChecks;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.remote.RemoteContexts;
import io.jbuild.builder.run.NetworkChoice;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.step.Workshop;
import io.jbuild.builder.store.Stores;
import io.jbuild.builder.store.TrashPolicy;
import io.jbuild.builder.web.WebCredentials;
import io.jbuild.builder.web.WebFiles;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.isolation.Mechanism;
import io.jbuild.isolation.Stdio;
import io.jbuild.isolation.ladder.Rung;
import io.jbuild.isolation.ladder.Standing;
import io.jbuild.layers.LayerBlobs;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.overlay.DriverChoice;
import io.jbuild.overlay.StorageDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An engine on one store. */
final class StoreEngine implements Engine {
  private final Stores stores;
  private final Tasks tasks;
  private final Tasks helpers;
  private final Consumer<String> warnings;
  private final Registries registries;
  private final Puller puller;
  private final Exporter exporter;
  private final Pusher pusher;
  private final StoreImages images;
  private final Importer importer;
  private final OutputStream standardOutput;
  private final Mechanism mechanism;
  private @Nullable IsolationCore isolation;

  StoreEngine(EngineSettings settings, OutputStream standardOutput, Consumer<String> warnings)
      throws IOException {
    this.stores = Stores.open(settings.store(), settings.storageDriver(), warnings);
    this.standardOutput = standardOutput;
    this.warnings = warnings;
    this.mechanism = settings.mechanism();
    this.tasks = new Tasks(settings.jobs());
    // Compression and uploads have threads of their own: who waits for them may be a task itself.
    int processors = Runtime.getRuntime().availableProcessors();
    this.helpers = new Tasks(Math.max(2, processors));
    LayerBlobs layerBlobs =
        new LayerBlobs(
            stores.root(), stores.layers(), stores.blobs(), helpers::execute, processors, warnings);
    Manifests manifests = new Manifests(stores, layerBlobs);
    this.registries = new Registries(settings, warnings);
    this.puller = new Puller(stores, layerBlobs, registries, tasks, warnings);
    this.exporter = new Exporter(stores, manifests);
    this.pusher = new Pusher(stores, manifests, registries, helpers::execute);
    this.importer = new Importer(stores, puller, warnings);
    this.images = new StoreImages(stores, puller, pusher, exporter, importer, standardOutput);
    sweep();
  }

  /** What dead processes left: seen by their locks, and only looked for where something is. */
  private void sweep() throws IOException {
    try (var entries = Files.newDirectoryStream(stores.root().ingest(), "layer-*")) {
      if (entries.iterator().hasNext()) {
        int unused = stores.layers().sweep();
      }
    }
  }

  @Override
  public DriverChoice storageDriver() throws IOException {
    return stores.driver();
  }

  private Standing rung() throws IOException {
    Standing here = Standing.current();
    return mechanism instanceof Mechanism.Chroot ? here.on(Rung.CHROOT) : here;
  }

  @Override
  public Standing standing(NetworkMode network) throws IOException {
    return rung()
        .with(storage(), NetworkChoice.described(network, NetworkChoice.OF_BUILDS, isolation()));
  }

  /** What copies files only needs none. */
  private String storage() {
    try {
      DriverChoice choice = stores.driver();
      return mechanism instanceof Mechanism.Chroot && choice.driver() == StorageDriver.COPY
          ? choice.driver() + " (a chroot needs a plain directory)"
          : choice.toString();
    } catch (IOException e) {
      return "none (" + e.getMessage() + ")";
    }
  }

  @Override
  public Images images() {
    return images;
  }

  private synchronized IsolationCore isolation() throws IOException {
    IsolationCore open = isolation;
    if (open == null) {
      open = IsolationCore.open(RuntimeDirectory.of(stores.root().path()), mechanism);
      isolation = open;
      int unused = open.sweep();
      mechanism.missingWalls().ifPresent(warnings);
    }
    return open;
  }

  @Override
  public BuildResult build(BuildRequest request, BuildListener listener)
      throws IOException, BuildfileException, UserException, InterruptedException {
    Outputs.check(request);
    Standing here = rung();
    boolean silent = here.rung() == Rung.FULL_ROOT; // there a cached build has nothing to try
    listener.standing(silent ? here : standing(request.defaultNetwork()));
    for (ContextSource source : request.namedContexts().values()) {
      RemoteContexts.check(source);
    }
    Cancellation cancellation = new Cancellation();
    WebCredentials credentials = new WebCredentials(request.secrets());
    WebFiles web = new WebFiles(stores, registries::web, credentials, cancellation, warnings);
    GitRepositories git = new GitRepositories(stores, GitAccess.of(request), cancellation);
    RemoteContexts remotes = new RemoteContexts(stores, web, git);
    try (Inputs inputs = inputs(request, web, remotes, cancellation)) {
      BuildfileFinder.Found found =
          BuildfileFinder.find(inputs.request().context(), inputs.request().buildfile());
      Plan plan = Plan.of(found.source(), inputs.request());
      Optional<Instant> time = time(inputs, remotes, plan, cancellation);
      BuildRequest timed = SourceDateEpoch.put(inputs.request(), time);
      Workshop workshop =
          new Workshop(
              stores,
              this::isolation,
              tasks,
              cancellation,
              timed,
              web,
              git,
              time,
              listener::warning);
      return build(workshop, found, Plan.of(found.source(), timed), listener);
    }
  }

  private Inputs inputs(
      BuildRequest request, WebFiles web, RemoteContexts remotes, Cancellation cancellation)
      throws IOException, BuildfileException, UserException, InterruptedException {
    return Inputs.areRemote(request)
        ? Awaiting.result(
            tasks.submit(() -> Inputs.of(request, stores, web, remotes)), cancellation)
        : Inputs.of(request, stores, web, remotes);
  }

  private Optional<Instant> time(
      Inputs inputs, RemoteContexts remotes, Plan plan, Cancellation cancellation)
      throws IOException, BuildfileException, UserException, InterruptedException {
    if (SourceDateEpoch.text(plan.first()).isEmpty()) {
      return Optional.empty();
    }
    SourceDateEpoch epoch = new SourceDateEpoch(inputs, remotes, plan.first());
    return Awaiting.result(tasks.submit(epoch::resolve), cancellation);
  }

  private BuildResult build(
      Workshop workshop, BuildfileFinder.Found found, Plan plan, BuildListener listener)
      throws IOException, BuildfileException, UserException, InterruptedException {
    BuildRequest request = workshop.request();
    Cancellation cancellation = workshop.cancellation();
    if (request.context() instanceof BuildContext.Directory context
        && !Files.isDirectory(context.path())) {
      throw new UserException("there is no directory \"" + context.path() + "\" to build from");
    }
    // What the checks find is told before anything runs; the file may want to fail by it.
    BuildChecks.run(plan.buildfiles(), request, found.path(), listener::warning);
    BaseImages bases =
        new BaseImages(stores, puller, tasks, request.pull(), listener, cancellation);
    List<BasePlatforms> basePlatforms =
        BasePlatforms.of(plan.buildfiles(), request.buildArgs(), listener::warning);
    boolean done = false;
    try (PlatformBuilds builds =
        new PlatformBuilds(
            workshop, listener, plan.graphs(), bases, basePlatforms, found.path(), logs())) {
      List<StageState> states = solve(builds, plan.graphs(), listener);
      Outputs outputs = new Outputs(stores, exporter, pusher, standardOutput);
      List<ImageRecord> images = new ArrayList<>();
      for (StageState state : states) {
        images.add(importer.store(state.withLabels(request.labels()).finished()));
      }
      BuildResult result = outputs.finish(request, images, builds.reports(), listener);
      done = true;
      return result;
    } finally {
      if (!done) {
        emptyTrash(); // what failed may have filled the disk
      }
    }
  }

  /** Only when the bases are known is it known which arguments their triggers take. */
  private static List<StageState> solve(
      PlatformBuilds builds, List<StageGraph> graphs, BuildListener listener)
      throws IOException, BuildfileException, UserException, InterruptedException {
    try {
      return builds.solve();
    } finally {
      Set<String> unused = new TreeSet<>(graphs.get(0).unusedArgs(builds.argsOfTriggers()));
      graphs.forEach(graph -> unused.retainAll(graph.unusedArgs(builds.argsOfTriggers())));
      unused.forEach(name -> listener.warning(unused(name, graphs.get(0))));
    }
  }

  private static String unused(String name, StageGraph graph) {
    String near = graph.nearestArg(name).map(arg -> "; did you mean " + arg + "?").orElse("");
    return "--build-arg " + name + ": no ARG takes it" + near;
  }

  /** What cannot be deleted now can be later. */
  private void emptyTrash() {
    try {
      TrashPolicy.apply(stores);
    } catch (IOException e) {
      warnings.accept("cannot empty the store's trash: " + e.getMessage());
    }
  }

  private Path logs() throws IOException {
    byte[] name = new byte[8];
    ThreadLocalRandom.current().nextBytes(name);
    return stores.logs().resolve(HexFormat.of().formatHex(name));
  }

  @Override
  public int run(RunRequest request, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    Platform platform = request.platform().orElse(Platform.host());
    Optional<ImageSet> known = images.find(request.image());
    boolean missing =
        known.isEmpty() || (request.platform().isPresent() && !known.get().has(platform));
    if (request.pull() == PullPolicy.ALWAYS
        || (missing && request.pull() != PullPolicy.NEVER && !images.isId(request.image()))) {
      pull(request.image(), platform, known, listener);
    }
    ImageRecord found = images.require(request.image(), request.platform());
    return new ImageRunner(stores, isolation(), warnings)
        .run(request, stores.config(found.id()), Stdio.inherited());
  }

  private void pull(
      String name, Platform platform, Optional<ImageSet> known, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    try {
      images.pull(reference(name), platform, listener);
    } catch (IOException e) {
      if (known.isEmpty()) {
        throw e;
      }
      throw new IOException(
          e.getMessage() + " (the store has it for " + known.get().platforms() + ")", e);
    }
  }

  private static Reference reference(String name) throws UserException {
    try {
      return Reference.parse(name);
    } catch (MalformedException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    tasks.close();
    helpers.close();
    stores.close();
    emptyTrash();
    IsolationCore open;
    synchronized (this) {
      open = isolation;
      isolation = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
