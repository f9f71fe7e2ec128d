package io.jbuild.builder.outline;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.EnterInclude;
import io.jbuild.builder.instruction.Env;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.KeyValue;
import io.jbuild.builder.instruction.LeaveInclude;
import io.jbuild.builder.instruction.Onbuild;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.outline.Outline.Argument;
import io.jbuild.builder.outline.Outline.Cache;
import io.jbuild.builder.outline.Outline.Secret;
import io.jbuild.builder.outline.Outline.Ssh;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.builder.stage.ArgValues;
import io.jbuild.linux.TreePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one stage takes, and what holds at its end for those that begin with it. */
final class StageOutline {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final ArgValues args;
  private final Deque<Map<String, String>> around = new ArrayDeque<>();
  private final Set<String> passed = new HashSet<>();
  private Map<String, String> variables = new HashMap<>();
  private final List<Instruction> triggers = new ArrayList<>();

  /** Names that the global scope has, and that this stage uses. */
  private final Set<String> globals = new LinkedHashSet<>();

  private final Map<String, Argument> arguments = new LinkedHashMap<>();
  private final Map<String, Secret> secrets = new LinkedHashMap<>();
  private final Map<String, Ssh> agents = new LinkedHashMap<>();
  private final Map<String, Cache> caches = new LinkedHashMap<>();

  private StageOutline(ArgValues args) {
    this.args = args;
    variables.put("PATH", PATH);
  }

  /** A stage that begins with an image, a context or nothing. */
  static StageOutline onImage(ArgValues args) {
    return new StageOutline(args);
  }

  /**
   * A stage that begins with this one.
   *
   * @param from where the triggers of this one are shown
   */
  StageOutline next(SourceRange from) throws BuildfileException {
    StageOutline next = new StageOutline(args);
    next.variables.putAll(variables);
    for (Instruction trigger : triggers) {
      next.add(trigger, from);
    }
    return next;
  }

  Set<String> globals() {
    return globals;
  }

  Map<String, Argument> arguments() {
    return arguments;
  }

  Map<String, Secret> secrets() {
    return secrets;
  }

  Map<String, Ssh> agents() {
    return agents;
  }

  Map<String, Cache> caches() {
    return caches;
  }

  void useGlobal(String name) {
    globals.add(name);
  }

  void add(Instruction instruction, SourceRange range) throws BuildfileException {
    if (instruction instanceof Arg arg) {
      arg(arg, range);
    } else if (instruction instanceof Env env) {
      for (KeyValue pair : env.expand(expansion(env)).variables()) {
        variables.put(pair.key(), pair.value());
      }
    } else if (instruction instanceof Run run) {
      for (RunMount mount : run.resolveMounts(expansion(run))) {
        mount(mount, range);
      }
    } else if (instruction instanceof ComputedArg computed) {
      add(computed.run(), range);
      put(computed.name(), args.given(computed.name()), computed.description(), range);
    } else if (instruction instanceof EnterInclude include) {
      around.push(variables);
      variables = new HashMap<>(variables);
      include.expand(expansion(include)).values().forEach(p -> passed.add(p.key()));
    } else if (instruction instanceof LeaveInclude) {
      variables = around.pop();
      passed.clear();
    } else if (instruction instanceof Onbuild onbuild) {
      triggers.add(onbuild.trigger());
    }
  }

  private Expansion expansion(Instruction instruction) {
    return new Expansion(variables, instruction.origin().escape());
  }

  private void arg(Arg arg, SourceRange range) throws BuildfileException {
    for (Arg.Definition definition : arg.definitions()) {
      String name = definition.name();
      Optional<String> given = args.given(name);
      Optional<String> inherited = args.inherited(name);
      Optional<String> value = given;
      if (definition.defaultValue().isEmpty() && inherited.isPresent()) {
        value = given.or(() -> inherited);
        globals.add(name);
      } else {
        if (given.isEmpty()) {
          value = definition.expand(expansion(arg), arg.origin()).defaultValue();
        }
        put(name, value, definition.description(), range);
      }
      value.ifPresent(text -> variables.put(name, text));
    }
  }

  /** What an INCLUDE passes is no argument of the build. */
  private void put(
      String name, Optional<String> value, Optional<String> description, SourceRange range) {
    if (!passed.contains(name)) {
      arguments.put(name, new Argument(name, value, description, range));
    }
  }

  private void mount(RunMount mount, SourceRange range) {
    if (mount instanceof RunMount.Secret secret) {
      secrets.merge(
          secret.id(),
          new Secret(secret.id(), secret.required(), range),
          (old, now) -> new Secret(old.id(), old.required() || now.required(), old.range()));
    } else if (mount instanceof RunMount.Ssh ssh) {
      agents.merge(
          ssh.id(),
          new Ssh(ssh.id(), ssh.required(), range),
          (old, now) -> new Ssh(old.id(), old.required() || now.required(), old.range()));
    } else if (mount instanceof RunMount.Cache cache) {
      String id = cache.id().orElseGet(() -> TreePath.parse(cache.target()).toString());
      caches.putIfAbsent(id, new Cache(id, range));
    }
  }
}
