package io.jbuild.builder.step;

import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.StepUsage;
import io.jbuild.builder.UserException;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.instruction.CommandLine;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.run.ForeignPrograms;
import io.jbuild.builder.run.NetworkChoice;
import io.jbuild.builder.run.SandboxEnd;
import io.jbuild.builder.run.SandboxRun;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.ConfigStep;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.store.RootTree;
import io.jbuild.builder.value.GoDuration;
import io.jbuild.builder.value.StepLimits;
import io.jbuild.isolation.Command;
import io.jbuild.isolation.CommandException;
import io.jbuild.isolation.ExitStatus;
import io.jbuild.isolation.Limits;
import io.jbuild.isolation.ProcessLimit;
import io.jbuild.isolation.SandboxFile;
import io.jbuild.isolation.SandboxSpec;
import io.jbuild.isolation.Stdio;
import io.jbuild.isolation.Walls;
import io.jbuild.isolation.cgroup.LimitException;
import io.jbuild.isolation.running.SandboxLabel;
import io.jbuild.layers.Attributes;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerScanner;
import io.jbuild.layers.LayerSummary;
import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Mount;
import io.jbuild.oci.DiffId;
import io.jbuild.overlay.Snapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * RUN: a command in a sandbox over the layers so far; what its upper directory then holds is the
 * layer.
 */
public final class RunStep implements FileStep {
  private final Workshop workshop;
  private final Run run;
  private final StageState state;
  private final List<StepMount> mounts;
  private final SortedMap<String, String> proxies;
  private final StepLimits own;
  private final StepLimits limits;
  private final Limits inSandbox;
  private final List<String> argv;
  private final String hostname;
  private Optional<StepUsage> usage = Optional.empty();

  /**
   * @param mounts those of the instruction, looked up
   * @param proxies variables that the command sees and that do not count
   * @param own the limits of the instruction, which go before those of the build
   */
  public RunStep(
      Workshop workshop,
      Run run,
      StageState state,
      List<StepMount> mounts,
      SortedMap<String, String> proxies,
      StepLimits own)
      throws BuildfileException, UserException {
    this.workshop = workshop;
    this.run = run;
    this.state = state;
    this.mounts = List.copyOf(mounts);
    this.proxies = proxies;
    this.own = own;
    this.limits = own.over(workshop.request().limits());
    this.inSandbox = inSandbox(limits, run);
    this.argv = argv(run.command(), state);
    this.hostname = HostName.of(workshop.request());
  }

  private static Limits inSandbox(StepLimits limits, Run run) throws BuildfileException {
    try {
      return limits.resources().inSandbox();
    } catch (LimitException e) {
      throw run.origin().error(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> argv(CommandLine command, StageState state) {
    return command instanceof CommandLine.Script script
        ? List.of(scriptPath(script))
        : ConfigStep.argv(state, command);
  }

  private static String scriptPath(CommandLine.Script script) {
    return "/dev/pipes/" + script.name();
  }

  @Override
  public StepKey key(int repeat) {
    return key("run", repeat);
  }

  /** The key of what is done with the command: its changes kept, or its output. */
  StepKey key(String kind, int repeat) {
    List<String> mountFields = new ArrayList<>();
    mounts.forEach(mount -> mountFields.addAll(mount.keyFields()));
    return StepKeys.begin(kind, workshop, state, repeat)
        .add("command", argv)
        .add("script", run.command() instanceof CommandLine.Script s ? s.content() : "")
        .add("env", state.environment().sorted())
        .add("workdir", state.workdir())
        .add("user", state.config().user())
        .add("mounts", mountFields)
        .add("network", network().name())
        .add("security", run.security().name() + workshop.request().security().keyText())
        .add("hosts", hostNames())
        .add("hostname", hostname)
        .add("limits", limitFields())
        .build();
  }

  /** The limits that a command can see and act upon; memory and processors only make it slow. */
  private List<String> limitFields() {
    List<String> fields = new ArrayList<>();
    inSandbox.sharedMemoryBytes().ifPresent(bytes -> fields.add("shm=" + bytes));
    inSandbox.ofProcesses().stream().map(ProcessLimit::toString).sorted().forEach(fields::add);
    return fields;
  }

  /** Names, not addresses: those change from machine to machine. */
  private List<String> hostNames() {
    return workshop.request().addHosts().stream().map(RunStep::hostName).sorted().toList();
  }

  private static String hostName(String line) {
    int end = line.indexOf(line.indexOf('=') > 0 ? '=' : ':');
    return end < 0 ? line : line.substring(0, end);
  }

  @Override
  public String createdBy() {
    return "RUN " + state.environment().historyPrefix() + commandText();
  }

  private String commandText() {
    List<String> words = new ArrayList<>();
    if (run.command() instanceof CommandLine.Script) {
      // Where BuildKit has the shell begin the script, and the history says so.
      words.addAll(state.shell());
    }
    words.addAll(argv);
    return String.join(" ", words);
  }

  @Override
  public Optional<DiffId> take(StepLog log)
      throws IOException, BuildfileException, UserException, InterruptedException {
    return take(log, Optional.empty(), workshop.cancellation());
  }

  /**
   * Takes the step; or with somewhere for its output to go, runs the command only.
   *
   * @param output asked for each try
   * @param cancellation ends the command, and is checked
   */
  Optional<DiffId> take(
      StepLog log, Optional<Supplier<OutputStream>> output, Cancellation cancellation)
      throws IOException, BuildfileException, UserException, InterruptedException {
    warnings().ofCap(own.resources(), workshop.request().limits().resources());
    return new Tries(limits.tries(), cancellation, log)
        .take(() -> tryOnce(log, output.map(Supplier::get), cancellation));
  }

  private LimitWarnings warnings() {
    return new LimitWarnings(run.origin(), workshop.warnings());
  }

  private Optional<DiffId> tryOnce(
      StepLog log, Optional<OutputStream> output, Cancellation cancellation)
      throws IOException, BuildfileException, UserException, InterruptedException {
    try (RootTree below = RootTree.open(workshop.stores(), state.layers());
        StepResources resources = new StepResources();
        LayerIngest ingest = workshop.stores().layers().begin();
        Snapshots.Active root = prepare(ingest)) {
      SandboxSpec spec = spec(below, root, ingest, resources);
      SandboxEnd end = execute(spec, log, output, cancellation);
      StepUsage used = StepUsage.of(end.usage());
      usage = Optional.of(usage.isPresent() ? usage.get().and(used) : used);
      if (!end.success()) {
        workshop.cancellation().check();
        throw failure(end, log);
      }
      warnings().ofMemory(used.oomKills(), inSandbox);
      workshop.cancellation().check();
      return output.isPresent() ? Optional.empty() : commit(root.commit(), ingest, below);
    }
  }

  /**
   * A base may name a directory that it does not have, and an earlier step may have removed it.
   * What is in a mount is not the root's to have.
   */
  private void makeWorkdir(RootTree below, StepResources resources, LayerIngest upper)
      throws IOException, BuildfileException {
    TreePath workdir = TreePath.parse(state.workdir());
    if (resources.mounts().stream().anyMatch(mount -> workdir.startsWith(mount.target()))) {
      return;
    }
    Optional<MissingDirectory> missing = MissingDirectory.find(below.view(), workdir, run.origin());
    if (missing.isPresent()) {
      Timestamp time = workshop.newest().orElse(Timestamp.EPOCH);
      LayerSummary unused =
          missing.get().write(upper.fs(), Attributes.DIRECTORY.withModified(time));
    }
  }

  private SandboxEnd execute(
      SandboxSpec spec, StepLog log, Optional<OutputStream> output, Cancellation cancellation)
      throws IOException, BuildfileException, UserException, InterruptedException {
    try (OutputStream out = output.orElseGet(() -> log.stream(false));
        OutputStream error = log.stream(true)) {
      return SandboxRun.run(
          workshop.isolation().get(),
          spec,
          Stdio.captured(out, error),
          limits.patience(),
          cancellation);
    } catch (LimitException e) {
      throw run.origin().error(String.valueOf(e.getMessage())); // what this machine does not have
    } catch (CommandException e) {
      Optional<UserException> foreign = ForeignPrograms.here().explain(e, state.image().platform());
      if (foreign.isPresent()) {
        throw CopyFailure.at(run.origin(), foreign.get());
      }
      throw failure(String.valueOf(e.getMessage()), e.code(), log, false);
    }
  }

  private Snapshots.Active prepare(LayerIngest ingest) throws IOException {
    return workshop
        .stores()
        .snapshots()
        .prepare(workshop.stores().directories(state.layers()), ingest.fs(), ingest.work());
  }

  private Optional<DiffId> commit(Snapshots.Committed changes, LayerIngest ingest, RootTree below)
      throws IOException {
    LayerSummary summary;
    try (Dir upper = OwnedTree.open(changes.layer())) {
      summary = new LayerScanner(below.lower(), workshop.newest(), workshop.warnings()).scan(upper);
    }
    return summary.isEmpty() ? Optional.empty() : Optional.of(ingest.commit(summary).diffId());
  }

  private SandboxSpec spec(
      RootTree below, Snapshots.Active snapshot, LayerIngest ingest, StepResources resources)
      throws IOException, BuildfileException, UserException, InterruptedException {
    TreeMap<String, String> env = new TreeMap<>(proxies);
    env.putAll(state.environment().variables());
    // Caches are locked in one order by everybody, so that two steps never wait for each other.
    List<StepMount> ordered = new ArrayList<>(mounts);
    ordered.sort(Comparator.comparing(StepMount::lockName));
    for (StepMount mount : ordered) {
      mount.add(resources, env);
    }
    makeWorkdir(below, resources, ingest);
    Mount root = snapshot.mount(); // what is made in the upper directory comes before
    List<SandboxFile> files = new ArrayList<>(resources.files());
    if (run.command() instanceof CommandLine.Script script) {
      ScriptFile.mount(workshop, resources, scriptPath(script), script.content());
    }
    Users.Account account = Users.account(below.view(), state.config().user(), run.origin());
    env.putIfAbsent("HOME", account.home());
    return SandboxSpec.of(
            root,
            new Command(
                argv,
                variables(env),
                TreePath.parse(state.workdir()),
                resources.withGroups(account.user())))
        .withMounts(resources.mounts())
        .withDevices(resources.devices(account.user()))
        .withFiles(files)
        .withNetwork(
            NetworkChoice.of(
                asked(),
                NetworkChoice.OF_BUILDS,
                workshop.request().network(),
                workshop.isolation().get(),
                workshop.warnings()))
        .withNames(NetworkChoice.names(workshop.request().addHosts(), workshop.request().network()))
        .withLimits(inSandbox)
        .withHostname(hostname)
        .withLabel(SandboxLabel.unnamed("step", "RUN"))
        .withWalls(
            run.security() == Run.Security.INSECURE
                ? Walls.INSECURE
                : workshop
                    .request()
                    .security()
                    .on(ForeignPrograms.here().walls(state.image().platform())));
  }

  private static List<String> variables(Map<String, String> env) {
    return env.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
  }

  private NetworkMode network() {
    return NetworkChoice.meant(asked(), NetworkChoice.OF_BUILDS);
  }

  private NetworkMode asked() {
    return switch (run.network()) {
      case NONE -> NetworkMode.NONE;
      case HOST -> NetworkMode.HOST;
      case PRIVATE -> NetworkMode.PRIVATE;
      case DEFAULT -> workshop.request().defaultNetwork();
    };
  }

  private StepFailedException failure(SandboxEnd end, StepLog log) {
    int code = end.status().code();
    boolean absent = end.status() instanceof ExitStatus.Exited && (code == 126 || code == 127);
    String how =
        end.timedOut()
            ? "step took longer than its timeout of "
                + GoDuration.brief(limits.patience().orElse(Duration.ZERO))
            : end.status().toString();
    return failure(how, code, log, end.timedOut() || !absent);
  }

  private StepFailedException failure(String how, int code, StepLog log, boolean repeatable) {
    return new StepFailedException(
        String.join(" ", argv),
        how,
        run.origin().source(),
        run.origin().range(),
        code,
        log.lastLines(),
        log.file(),
        repeatable);
  }

  @Override
  public Optional<StepUsage> usage() {
    return usage;
  }
}
