package io.jbuild.builder.stage;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Cmd;
import io.jbuild.builder.instruction.CommandLine;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Entrypoint;
import io.jbuild.builder.instruction.Env;
import io.jbuild.builder.instruction.Expose;
import io.jbuild.builder.instruction.Healthcheck;
import io.jbuild.builder.instruction.KeyValue;
import io.jbuild.builder.instruction.Label;
import io.jbuild.builder.instruction.Maintainer;
import io.jbuild.builder.instruction.Onbuild;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Port;
import io.jbuild.builder.instruction.Shell;
import io.jbuild.builder.instruction.StopSignal;
import io.jbuild.builder.instruction.User;
import io.jbuild.builder.instruction.Volume;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.value.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The instructions that change the configuration alone. Each is given expanded and makes the next
 * state; history texts are those that Docker's tools show.
 */
public final class ConfigStep {
  private ConfigStep() {}

  /** ARG, which is expanded here: each definition sees those before it. */
  public static StageState arg(StageState state, Arg arg, ArgValues values)
      throws BuildfileException {
    StageState next = state;
    List<String> texts = new ArrayList<>();
    for (Arg.Definition definition : arg.definitions()) {
      Optional<String> value = value(next, definition, values, arg.origin());
      next = next.withEnvironment(next.environment().declare(definition.name(), value));
      texts.add(definition.name() + value.map(text -> "=" + text).orElse(""));
    }
    return next.noted("ARG " + String.join(" ", texts));
  }

  private static Optional<String> value(
      StageState state, Arg.Definition definition, ArgValues values, Origin origin)
      throws BuildfileException {
    Optional<String> given =
        state.environment().passed(definition.name()).or(() -> values.given(definition.name()));
    if (given.isPresent()) {
      return given;
    }
    if (definition.defaultValue().isPresent()) {
      Expansion expansion = new Expansion(state.environment().variables(), origin.escape());
      return definition.expand(expansion, origin).defaultValue();
    }
    return values.inherited(definition.name());
  }

  /** The value of a computed ARG that somebody gives, so that its command is not run. */
  public static Optional<String> given(StageState state, ComputedArg arg, ArgValues values) {
    return state.environment().passed(arg.name()).or(() -> values.given(arg.name()));
  }

  /** After {@code ARG name=$(command)}: as if the value had been written there. */
  public static StageState computed(StageState state, ComputedArg arg, String value) {
    Environment declared = state.environment().declare(arg.name(), Optional.of(value));
    return state.withEnvironment(declared).noted("ARG " + arg.name() + "=" + value);
  }

  public static StageState env(StageState state, Env env) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (KeyValue pair : env.variables()) {
      pairs.put(pair.key(), pair.value());
    }
    return state.withEnv(pairs, "ENV " + joined(env.variables()));
  }

  public static StageState label(StageState state, Label label) {
    TreeMap<String, String> all = new TreeMap<>(state.config().labels());
    for (KeyValue pair : label.labels()) {
      all.put(pair.key(), pair.value());
    }
    return state.configured(
        state.config().edit().labels(all).build(), "LABEL " + joined(label.labels()));
  }

  private static String joined(List<KeyValue> pairs) {
    return pairs.stream()
        .map(pair -> pair.key() + "=" + pair.value())
        .collect(Collectors.joining(" "));
  }

  public static StageState cmd(StageState state, Cmd cmd) {
    List<String> argv = argv(state, cmd.command());
    return state
        .configured(state.config().edit().cmd(argv).build(), "CMD " + GoQuote.list(argv))
        .withCmdSet();
  }

  /** ENTRYPOINT drops a CMD that came from the base: it was meant for another program. */
  public static StageState entrypoint(StageState state, Entrypoint entrypoint) {
    List<String> argv = argv(state, entrypoint.command());
    var changed = state.config().edit().entrypoint(argv);
    if (!state.cmdSet()) {
      changed.cmd(List.of());
    }
    return state.configured(changed.build(), "ENTRYPOINT " + GoQuote.list(argv));
  }

  /** The arguments of a command: as they are in exec form, after the shell's in shell form. */
  public static List<String> argv(StageState state, CommandLine command) {
    if (command instanceof CommandLine.Exec exec) {
      return exec.argv();
    }
    if (command instanceof CommandLine.ShellText shellText) {
      List<String> argv = new ArrayList<>(state.shell());
      argv.add(shellText.text());
      return argv;
    }
    throw new IllegalArgumentException("a script has no arguments: " + command);
  }

  public static StageState user(StageState state, User user) {
    return state.configured(state.config().edit().user(user.user()).build(), "USER " + user.user());
  }

  public static StageState expose(StageState state, Expose expose) throws BuildfileException {
    List<String> ports = expose.parsed().stream().map(Port::toString).toList();
    return state.withPorts(ports, "EXPOSE " + list(ports));
  }

  public static StageState volume(StageState state, Volume volume) throws BuildfileException {
    for (String path : volume.paths()) {
      if (path.isEmpty()) {
        throw volume.origin().error("VOLUME specified can not be an empty string");
      }
    }
    return state.withVolumes(volume.paths(), "VOLUME " + list(volume.paths()));
  }

  public static StageState shell(StageState state, Shell shell) {
    return state.configured(
        state.config().edit().shell(shell.argv()).build(), "SHELL " + list(shell.argv()));
  }

  private static String list(List<String> words) {
    return "[" + String.join(" ", words) + "]";
  }

  public static StageState stopSignal(StageState state, StopSignal stopSignal) {
    return state.configured(
        state.config().edit().stopSignal(stopSignal.signal()).build(),
        "STOPSIGNAL " + stopSignal.signal());
  }

  public static StageState maintainer(StageState state, Maintainer maintainer) {
    return state.withAuthor(maintainer.name()).noted("MAINTAINER " + maintainer.name());
  }

  /** No history tells of a trigger: what it does later is in that of who builds on the image. */
  public static StageState onbuild(StageState state, Onbuild onbuild) {
    List<String> triggers = new ArrayList<>(state.config().onBuild());
    triggers.add(onbuild.expression());
    return state.withConfig(state.config().edit().onBuild(triggers).build());
  }

  public static StageState healthcheck(StageState state, Healthcheck healthcheck) {
    io.jbuild.oci.Healthcheck check =
        healthcheck
            .check()
            .map(present -> checkOf(state, present))
            .orElseGet(io.jbuild.oci.Healthcheck::none);
    return state.configured(
        state.config().edit().healthcheck(Optional.of(check)).build(),
        "HEALTHCHECK &" + printed(check));
  }

  /** Go's {@code %q} of the structure, whose last field is a number and becomes a character. */
  private static String printed(io.jbuild.oci.Healthcheck check) {
    return String.join(
        " ",
        "{" + GoQuote.list(check.test()),
        GoQuote.text(GoDuration.print(check.interval())),
        GoQuote.text(GoDuration.print(check.timeout())),
        GoQuote.text(GoDuration.print(check.startPeriod())),
        GoQuote.text(GoDuration.print(check.startInterval())),
        GoQuote.character(check.retries()) + "}");
  }

  private static io.jbuild.oci.Healthcheck checkOf(StageState state, Healthcheck.Check check) {
    return new io.jbuild.oci.Healthcheck(
        test(state, check.command()),
        check.interval().orElse(Duration.ZERO),
        check.timeout().orElse(Duration.ZERO),
        check.startPeriod().orElse(Duration.ZERO),
        check.startInterval().orElse(Duration.ZERO),
        check.retries().orElse(0));
  }

  /** In shell form the shell is the container's own at run time: {@code CMD-SHELL}. */
  private static List<String> test(StageState state, CommandLine command) {
    List<String> test = new ArrayList<>();
    if (command instanceof CommandLine.ShellText text) {
      test.add("CMD-SHELL");
      test.add(text.text());
    } else {
      test.add("CMD");
      test.addAll(argv(state, command));
    }
    return test;
  }
}
