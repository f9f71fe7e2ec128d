package io.jbuild.builder.lint;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Cmd;
import io.jbuild.builder.instruction.CommandLine;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.EnterInclude;
import io.jbuild.builder.instruction.Entrypoint;
import io.jbuild.builder.instruction.Env;
import io.jbuild.builder.instruction.Expose;
import io.jbuild.builder.instruction.Healthcheck;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.KeyValue;
import io.jbuild.builder.instruction.Label;
import io.jbuild.builder.instruction.LeaveInclude;
import io.jbuild.builder.instruction.Onbuild;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.instruction.Shell;
import io.jbuild.builder.instruction.Unset;
import io.jbuild.builder.instruction.Workdir;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.builder.value.StepLimits;
import io.jbuild.linux.TreePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Checks of one stage, line by line, in the scope that the lines before have made. */
final class StageRules {
  /** Read by the builder itself, and in no environment. */
  private static final Set<String> NO_VARIABLES =
      Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

  private final GlobalScope globals;
  private final SortedMap<String, String> buildArgs;
  private final IgnoredSources ignored;
  private final StageScope scope;
  private final Findings findings;
  private final Map<Keyword, Line> last = new EnumMap<>(Keyword.class);
  private final List<Step> steps = new ArrayList<>();

  StageRules(GlobalScope globals, CheckContext context, StageScope scope, Findings findings) {
    this.globals = globals;
    this.buildArgs = context.buildArgs();
    this.ignored = new IgnoredSources(context.ignores(), findings);
    this.scope = scope;
    this.findings = findings;
  }

  /** The instructions so far that may change files. */
  List<Step> steps() {
    return steps;
  }

  void check(Line line) throws BuildfileException {
    if (line.instruction() instanceof Arg arg) {
      arg(line, arg);
      return;
    }
    if (line.instruction() instanceof ComputedArg computed) {
      computed(line, computed);
      return;
    }
    TreePath before = scope.workdir();
    Expansion expansion = new Expansion(scope.variables(), line.instruction().origin().escape());
    Instruction expanded;
    List<RunMount> mounts = List.of();
    try {
      expanded = line.instruction().expand(expansion);
      if (expanded instanceof Run run) {
        mounts = run.resolveMounts(expansion);
        StepLimits unused = run.resolveLimits(expansion);
      }
    } finally {
      undefined(line, expansion.undefined());
    }
    if (expanded instanceof Workdir workdir) {
      workdir(line, workdir, unknownNames(expansion));
    } else {
      expanded(line, expanded);
    }
    steps.add(new Step(line, expanded, before, mounts));
  }

  private void expanded(Line line, Instruction instruction) throws BuildfileException {
    if (instruction instanceof Env env) {
      env(line, env);
    } else if (instruction instanceof Label label) {
      label.labels().forEach(pair -> legacy(line, pair));
    } else if (instruction instanceof Shell) {
      scope.setShell();
    } else if (instruction instanceof Cmd cmd) {
      once(line);
      shellForm(line, cmd.command());
    } else if (instruction instanceof Entrypoint entrypoint) {
      once(line);
      shellForm(line, entrypoint.command());
    } else if (instruction instanceof Healthcheck) {
      once(line);
    } else if (instruction instanceof Expose expose) {
      ExposeRules.check(line, expose, findings);
    } else if (instruction instanceof Copy copy && copy.from().isEmpty()) {
      ignored.check(line, copy.sources());
    } else if (instruction instanceof Add add) {
      ignored.check(line, add.sources());
    } else if (instruction instanceof Onbuild onbuild) {
      scope.addTrigger(onbuild);
    } else if (instruction instanceof EnterInclude include) {
      scope.enter(include.values());
    } else if (instruction instanceof LeaveInclude) {
      scope.leave();
    } else if (instruction instanceof Unset unset) {
      unset(unset);
    }
  }

  /** Settings that are gone can be made again without being without effect. */
  private void unset(Unset unset) {
    if (unset.kind() == Unset.Kind.ENV && !unset.isAll()) {
      unset.names().forEach(scope::unset);
    }
    if (!unset.kind().isNamed()) {
      last.remove(Keyword.valueOf(unset.kind().name()));
    }
  }

  /** The command is the step's, the value is unknown here. */
  private void computed(Line line, ComputedArg arg) throws BuildfileException {
    SecretNames.check(line, "ARG", arg.name(), findings);
    Expansion expansion = new Expansion(scope.variables(), arg.origin().escape());
    List<RunMount> unused = arg.run().resolveMounts(expansion);
    StepLimits unusedLimits = arg.run().resolveLimits(expansion);
    undefined(line, expansion.undefined());
    scope.set(arg.name(), given(arg.name()).orElse(""));
    scope.declare(arg.name());
  }

  private Optional<String> given(String name) {
    return scope.passed(name).or(() -> Optional.ofNullable(buildArgs.get(name)));
  }

  private void arg(Line line, Arg arg) throws BuildfileException {
    for (Arg.Definition definition : arg.definitions()) {
      SecretNames.check(line, "ARG", definition.name(), findings);
      String value = given(definition.name()).orElse(null);
      if (value == null && definition.defaultValue().isPresent()) {
        value = defaultValue(line, arg, definition);
      } else if (value == null) {
        value = globals.values().get(definition.name());
      }
      if (value != null && !NO_VARIABLES.contains(definition.name())) {
        scope.set(definition.name(), value);
      }
      scope.declare(definition.name());
    }
  }

  private String defaultValue(Line line, Arg arg, Arg.Definition definition)
      throws BuildfileException {
    Expansion expansion = new Expansion(scope.variables(), arg.origin().escape());
    try {
      return definition.expand(expansion, arg.origin()).defaultValue().orElse("");
    } finally {
      undefined(line, expansion.undefined());
    }
  }

  /**
   * A base image that is not here may define anything: then only a name that looks like a slip of a
   * known one is reported.
   */
  private void undefined(Line line, Set<String> names) {
    for (String name : names) {
      String near = Suggestion.nearest(name, known(name)).orElse("");
      boolean certain = scope.baseKnown() || !near.isEmpty();
      if (certain && !scope.declares(name) && !NO_VARIABLES.contains(name)) {
        String hint = near.isEmpty() ? "" : " (did you mean $" + near + "?)";
        if (globals.names().contains(name)) {
          hint = ": its ARG before the first FROM holds for FROM lines; a stage says ARG " + name;
        }
        findings.add(line, Rule.UNDEFINED_VAR, "variable $" + name + " is not defined" + hint);
      }
    }
  }

  /**
   * On a base that is not here, a name of four letters is PATH by a slip only if it has the letters
   * of it: $DATA and $AUTH are near enough by distance.
   */
  private Set<String> known(String name) {
    Set<String> names = new HashSet<>(scope.variables().keySet());
    if (!scope.baseKnown() && !letters(name).equals(letters("PATH"))) {
      names.remove("PATH");
    }
    return names;
  }

  private static String letters(String name) {
    char[] letters = name.toUpperCase(Locale.ROOT).toCharArray();
    Arrays.sort(letters);
    return String.valueOf(letters);
  }

  private void env(Line line, Env env) {
    for (KeyValue pair : env.variables()) {
      legacy(line, pair);
      SecretNames.check(line, "ENV", pair.key(), findings);
      scope.setEnv(pair.key(), pair.value());
    }
  }

  private void legacy(Line line, KeyValue pair) {
    if (pair.legacy()) {
      findings.add(
          line,
          Rule.LEGACY_KEY_VALUE_FORMAT,
          "write " + line.written() + " " + pair.key() + "=… with an equals sign, not a blank");
    }
  }

  /** Variables that a base image which is not here may define. */
  private Set<String> unknownNames(Expansion expansion) {
    Set<String> names = new HashSet<>(expansion.undefined());
    names.removeIf(scope::declares);
    return scope.baseKnown() ? Set.of() : names;
  }

  private void workdir(Line line, Workdir workdir, Set<String> unknown) throws BuildfileException {
    if (!scope.workdirSet() && !workdir.path().startsWith("/") && !mayBeRooted(line, unknown)) {
      findings.add(
          line,
          Rule.WORKDIR_RELATIVE_PATH,
          "relative WORKDIR \"" + workdir.path() + "\" depends on what the base image has set");
    }
    scope.enter(workdir.path());
  }

  /** Whether it is absolute for some value of what is unknown, or on Windows. */
  private boolean mayBeRooted(Line line, Set<String> unknown) throws BuildfileException {
    Map<String, String> variables = new HashMap<>(scope.variables());
    unknown.forEach(name -> variables.put(name, "/"));
    Expansion expansion = new Expansion(variables, line.instruction().origin().escape());
    String path = ((Workdir) line.instruction()).expand(expansion).path();
    boolean drive = path.matches("[A-Za-z]:.*") && !scope.baseKnown();
    return path.startsWith("/") || drive;
  }

  private void shellForm(Line line, CommandLine command) {
    if (!(command instanceof CommandLine.Exec) && !scope.shellSet()) {
      findings.add(
          line,
          Rule.JSON_ARGS_RECOMMENDED,
          line.written()
              + " without JSON brackets runs in a shell, which does not pass signals on");
    }
  }

  /** The earlier one is reported, because that is the one without effect. */
  private void once(Line line) {
    Line earlier = last.put(line.instruction().keyword(), line);
    String rule = Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED.ruleName();
    // The comment that skips it may be above either of the two.
    if (earlier != null && !line.checks().skips(rule)) {
      findings.add(
          earlier,
          Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
          "this "
              + earlier.written()
              + " has no effect: line "
              + line.range().startLine()
              + " of the same stage replaces it");
    }
  }
}
