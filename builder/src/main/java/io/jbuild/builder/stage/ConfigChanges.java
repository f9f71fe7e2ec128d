package io.jbuild.builder.stage;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Cmd;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.EnterInclude;
import io.jbuild.builder.instruction.Entrypoint;
import io.jbuild.builder.instruction.Env;
import io.jbuild.builder.instruction.Expose;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Healthcheck;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.KeyValue;
import io.jbuild.builder.instruction.Label;
import io.jbuild.builder.instruction.LeaveInclude;
import io.jbuild.builder.instruction.Maintainer;
import io.jbuild.builder.instruction.Onbuild;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.Shell;
import io.jbuild.builder.instruction.StopSignal;
import io.jbuild.builder.instruction.Unset;
import io.jbuild.builder.instruction.User;
import io.jbuild.builder.instruction.Volume;
import io.jbuild.builder.instruction.Workdir;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes one instruction that changes the configuration alone; any other is refused. */
public final class ConfigChanges implements Instruction.Visitor<StageState, BuildfileException> {
  private final StageState state;
  private final ArgValues args;

  public ConfigChanges(StageState state, ArgValues args) {
    this.state = state;
    this.args = args;
  }

  /** A change as the import of a root file system takes it: {@code CMD ["sh"]}. */
  public static StageState apply(StageState state, String change) throws BuildfileException {
    Buildfile file = Buildfile.parse(Source.of("change", "FROM scratch\n" + change + "\n"));
    ArgValues none = new ArgValues(new TreeMap<>(Map.of()), new TreeMap<>(Map.of()));
    StageState next = state;
    for (Instruction instruction : file.stages().get(0).instructions()) {
      next = instruction.accept(new ConfigChanges(next, none));
    }
    return next;
  }

  private Expansion expansion(Instruction instruction) {
    return new Expansion(state.environment().variables(), instruction.origin().escape());
  }

  private static BuildfileException refused(Instruction instruction) {
    return instruction.origin().error(instruction.keyword() + " is not possible here");
  }

  @Override
  public StageState visit(Arg arg) throws BuildfileException {
    return ConfigStep.arg(state, arg, args);
  }

  @Override
  public StageState visit(Env env) throws BuildfileException {
    return ConfigStep.env(state, env.expand(expansion(env)));
  }

  @Override
  public StageState visit(Label label) throws BuildfileException {
    return ConfigStep.label(state, label.expand(expansion(label)));
  }

  @Override
  public StageState visit(Cmd cmd) {
    return ConfigStep.cmd(state, cmd);
  }

  @Override
  public StageState visit(Entrypoint entrypoint) {
    return ConfigStep.entrypoint(state, entrypoint);
  }

  @Override
  public StageState visit(Expose expose) throws BuildfileException {
    return ConfigStep.expose(state, expose.expand(expansion(expose)));
  }

  @Override
  public StageState visit(Volume volume) throws BuildfileException {
    return ConfigStep.volume(state, volume.expand(expansion(volume)));
  }

  @Override
  public StageState visit(User user) throws BuildfileException {
    return ConfigStep.user(state, user.expand(expansion(user)));
  }

  @Override
  public StageState visit(Shell shell) {
    return ConfigStep.shell(state, shell);
  }

  @Override
  public StageState visit(StopSignal stopSignal) throws BuildfileException {
    return ConfigStep.stopSignal(state, stopSignal.expand(expansion(stopSignal)));
  }

  @Override
  public StageState visit(Healthcheck healthcheck) {
    return ConfigStep.healthcheck(state, healthcheck);
  }

  @Override
  public StageState visit(Onbuild onbuild) {
    return ConfigStep.onbuild(state, onbuild);
  }

  @Override
  public StageState visit(Maintainer maintainer) {
    return ConfigStep.maintainer(state, maintainer);
  }

  @Override
  public StageState visit(EnterInclude include) throws BuildfileException {
    Map<String, String> values = new LinkedHashMap<>();
    for (KeyValue pair : include.expand(expansion(include)).values()) {
      values.put(pair.key(), pair.value());
    }
    return state.withEnvironment(state.environment().enter(values));
  }

  @Override
  public StageState visit(LeaveInclude include) {
    return state.withEnvironment(state.environment().leave());
  }

  @Override
  public StageState visit(Unset unset) throws BuildfileException {
    return UnsetStep.apply(state, unset.expand(expansion(unset)));
  }

  /** One that got its value elsewhere needs no command; another is a step of its own. */
  @Override
  public StageState visit(ComputedArg arg) throws BuildfileException {
    Optional<String> given = ConfigStep.given(state, arg, args);
    if (given.isEmpty()) {
      throw refused(arg);
    }
    return ConfigStep.computed(state, arg, given.get());
  }

  /** Only the root directory needs no file; another is a step of its own. */
  @Override
  public StageState visit(Workdir workdir) throws BuildfileException {
    String path = workdir.expand(expansion(workdir)).path();
    if (!path.startsWith("/")) {
      throw refused(workdir);
    }
    return state.configured(state.config().edit().workingDir(path).build(), "WORKDIR " + path);
  }

  @Override
  public StageState visit(Run run) throws BuildfileException {
    throw refused(run);
  }

  @Override
  public StageState visit(Copy copy) throws BuildfileException {
    throw refused(copy);
  }

  @Override
  public StageState visit(Add add) throws BuildfileException {
    throw refused(add);
  }

  @Override
  public StageState visit(From from) throws BuildfileException {
    throw refused(from);
  }
}
