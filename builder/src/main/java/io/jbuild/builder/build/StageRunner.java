package io.jbuild.builder.build;

import io.jbuild.builder.IoMessages;
import io.jbuild.builder.StepInfo;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.instruction.Unset;
import io.jbuild.builder.instruction.Workdir;
import io.jbuild.builder.plan.Supply;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.ConfigChanges;
import io.jbuild.builder.stage.ConfigStep;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.stage.UnsetStep;
import io.jbuild.builder.step.FileStep;
import io.jbuild.builder.step.WorkdirStep;
import io.jbuild.oci.Platform;
import io.jbuild.oci.RunConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Takes the instructions of one stage in order. It runs on the executor and holds no thread while
 * it waits: when a step or another stage is not done, it goes on where that ends.
 */
final class StageRunner {
  private static final long MAX_TEXT = 4 << 20;

  private final BuildSession session;
  private final Stage stage;
  private final CompletableFuture<StageState> done = new CompletableFuture<>();
  private final Platform builtFor;
  private final List<Instruction> pending = new ArrayList<>();
  private StageState state;
  private int next;
  private int number = 1;

  /**
   * @param base what the stage begins with
   */
  StageRunner(BuildSession session, Stage stage, StageState base) throws BuildfileException {
    this.session = session;
    this.stage = stage;
    this.state = base;
    this.builtFor = session.builtFor(stage);
    // Triggers of the base come first, and are not passed on to who builds on this image.
    String image = session.graph().from(stage).base();
    for (String trigger : base.config().onBuild()) {
      Instruction read = io.jbuild.builder.instruction.Buildfile.parseTrigger(trigger, image);
      pending.add(read);
      if (read instanceof Arg arg) {
        arg.definitions().forEach(definition -> session.declared(definition.name()));
      }
    }
    state = base.withConfig(base.config().edit().onBuild(List.of()).build());
    pending.addAll(stage.instructions());
  }

  /** The state after the last instruction. */
  CompletableFuture<StageState> run() {
    try {
      // What the stage copies from is begun before the first instruction is looked at.
      for (Supply supply : session.graph().supplies(stage, pending)) {
        session.prepare(supply);
      }
      session.tasks().execute(this::advance);
    } catch (BuildfileException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  private void advance() {
    try {
      while (next < pending.size()) {
        session.cancellation().check();
        CompletableFuture<StageState> result = step(pending.get(next++));
        if (!result.isDone()) {
          CompletableFuture<StageState> unused = result.whenComplete(this::resume);
          return;
        }
        become(result.join());
      }
      done.complete(state);
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void resume(StageState result, Throwable error) {
    if (error != null) {
      fail(error);
    } else {
      session
          .tasks()
          .execute(
              () -> {
                try {
                  become(result);
                } catch (BuildfileException e) {
                  fail(e);
                  return;
                }
                advance();
              });
    }
  }

  /** Registries take no larger configuration, and neither do we: better to stop where it grows. */
  private void become(StageState result) throws BuildfileException {
    state = result;
    if (result.textSize() > MAX_TEXT) {
      throw pending
          .get(next - 1)
          .origin()
          .error(
              "the image's configuration and history have more than 4 MiB of text",
              "what is long belongs into a file of the image");
    }
  }

  /** What the world got wrong is told with the instruction that met it. */
  private void fail(Throwable thrown) {
    Throwable error = Tasks.unwrap(thrown);
    Origin origin = pending.get(next - 1).origin();
    if (error instanceof IOException world) {
      BuildfileException located = origin.error(IoMessages.of(world));
      located.initCause(world);
      error = located;
    }
    done.completeExceptionally(error);
  }

  private CompletableFuture<StageState> step(Instruction instruction) throws Exception {
    if (instruction instanceof Run run) {
      return run(run);
    } else if (instruction instanceof ComputedArg arg) {
      return computed(arg);
    } else if (instruction instanceof Copy copy) {
      return copy(copy);
    } else if (instruction instanceof Add add) {
      return add(add);
    } else if (instruction instanceof Workdir workdir) {
      return workdir(workdir);
    }
    if (instruction instanceof Unset unset) {
      warnOfMissing(unset);
    }
    return now(instruction.accept(new ConfigChanges(state, session.graph().args())));
  }

  private Expansion expansion(Instruction instruction) {
    return new Expansion(state.environment().variables(), instruction.origin().escape());
  }

  private static CompletableFuture<StageState> now(StageState state) {
    return CompletableFuture.completedFuture(state);
  }

  private CompletableFuture<StageState> run(Run run) throws Exception {
    StageState before = state;
    StepInfo info = info(run);
    Expansion expansion = expansion(run);
    return session
        .runStep(stage, run, before, run.resolveMounts(expansion), run.resolveLimits(expansion))
        .thenCompose(step -> take(info, step, before, before.config()));
  }

  /** The same command on the same files gives the same value: it is not counted as repeated. */
  private CompletableFuture<StageState> computed(ComputedArg arg) throws Exception {
    StageState before = state;
    StepInfo info = info(arg);
    Optional<String> given = ConfigStep.given(before, arg, session.graph().args());
    if (given.isPresent()) {
      session.begun(info);
      return now(ConfigStep.computed(before, arg, given.get()));
    }
    Run run = arg.run();
    Expansion expansion = expansion(run);
    return session
        .computeStep(stage, arg, before, run.resolveMounts(expansion), run.resolveLimits(expansion))
        .thenCompose(step -> session.steps().take(info, step.key(0), step, session.isFresh(stage)))
        .thenApply(record -> ConfigStep.computed(before, arg, record.output().orElse("")));
  }

  /** Names that nothing has are told: they are likely misspelt. */
  private void warnOfMissing(Unset unset) throws BuildfileException {
    List<String> missing = UnsetStep.missing(state, unset.expand(expansion(unset)));
    for (String name : missing) {
      Origin origin = unset.origin();
      session
          .workshop()
          .warnings()
          .accept(
              origin.source().name()
                  + ":"
                  + origin.range().startLine()
                  + ": UNSET "
                  + unset.kind()
                  + " "
                  + name
                  + ": it is not set");
    }
  }

  private CompletableFuture<StageState> copy(Copy copy) throws Exception {
    StageState before = state;
    StepInfo info = info(copy);
    return session
        .copyStep(stage, copy.expand(expansion(copy)), before)
        .thenCompose(step -> take(info, step, before, before.config()));
  }

  private CompletableFuture<StageState> add(Add add) throws Exception {
    StageState before = state;
    StepInfo info = info(add);
    return session
        .addStep(add.expand(expansion(add)), before)
        .thenCompose(step -> take(info, step, before, before.config()));
  }

  private CompletableFuture<StageState> workdir(Workdir workdir) throws Exception {
    Workdir expanded = workdir.expand(expansion(workdir));
    if (expanded.path().isEmpty()) {
      throw workdir.origin().error("WORKDIR needs a path");
    }
    WorkdirStep step = new WorkdirStep(session.workshop(), expanded, state);
    RunConfig config = state.config().edit().workingDir(step.directory().toString()).build();
    return step.directory().isRoot()
        ? now(state.configured(config, step.createdBy()))
        : take(info(workdir), step, state, config);
  }

  private CompletableFuture<StageState> take(
      StepInfo info, FileStep step, StageState before, RunConfig config) {
    int repeat = 0;
    StepKey key = step.key(repeat);
    while (before.hasTaken(key.digest())) {
      key = step.key(++repeat);
    }
    StepKey found = key;
    return session
        .steps()
        .take(info, found, step, session.isFresh(stage))
        .thenApply(
            record ->
                before.stepped(
                    found.digest(), record.layer(), record.created(), step.createdBy(), config));
  }

  private StepInfo info(Instruction instruction) {
    number++;
    int total = 1 + (int) pending.stream().filter(StageRunner::isStep).count();
    return session.names().step(stage, number, total, instruction, builtFor);
  }

  /** Whether people see an instruction as a step: those that may change files. */
  static boolean isStep(Instruction instruction) {
    return instruction instanceof Run
        || instruction instanceof Copy
        || instruction instanceof Add
        || instruction instanceof ComputedArg
        || (instruction instanceof Workdir workdir && !workdir.path().equals("/"));
  }
}
