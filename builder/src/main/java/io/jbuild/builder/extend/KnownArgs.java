package io.jbuild.builder.extend;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Env;
import io.jbuild.builder.instruction.KeyValue;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Unset;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The variables at one place of a stage, as far as they are known before the build. A name is
 * known, or not known for a reason, or declared without a value, or nobody's.
 */
final class KnownArgs {
  private final GlobalValues globals;
  private final Map<String, Optional<String>> passed;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> unknown = new HashMap<>();
  private final Map<String, Optional<String>> env = new LinkedHashMap<>();
  private final SortedSet<String> declared = new TreeSet<>();
  private Optional<List<String>> shell = Optional.empty();

  private KnownArgs(GlobalValues globals, Map<String, Optional<String>> passed) {
    this.globals = globals;
    this.passed = Map.copyOf(passed);
  }

  /** Where no stage has begun, or one that is built on an image. */
  static KnownArgs begin(GlobalValues globals) {
    return new KnownArgs(globals, Map.of());
  }

  /** In a stage that is built on the one which ended here. */
  KnownArgs asBase() {
    KnownArgs next = new KnownArgs(globals, Map.of());
    next.values.putAll(values);
    next.unknown.putAll(unknown);
    next.env.putAll(env);
    next.declared.addAll(declared);
    next.shell = shell;
    return next;
  }

  /**
   * In an included file: ARGs around it are out of sight.
   *
   * @param given what is passed; empty where the value is not known
   */
  KnownArgs enter(Map<String, Optional<String>> given) {
    KnownArgs inner = new KnownArgs(globals, given);
    inner.shell = shell;
    env.forEach(inner::putEnv);
    return inner;
  }

  /** After an included file: what it has set for the image stays. */
  void leave(KnownArgs inner) {
    inner.env.forEach(this::putEnv);
    shell = inner.shell;
  }

  Optional<List<String>> shell() {
    return shell;
  }

  void setShell(Optional<List<String>> argv) {
    shell = argv;
  }

  SortedSet<String> declared() {
    return declared;
  }

  /** The value of an ARG or ENV of this place. */
  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Why a name has no known value. */
  Optional<String> whyUnknown(String name) {
    return Optional.ofNullable(unknown.get(name));
  }

  void declare(Arg arg) throws BuildfileException {
    for (Arg.Definition definition : arg.definitions()) {
      Optional<String> given = given(definition.name());
      if (given.isEmpty()
          && definition.defaultValue().isPresent()
          && !isPassed(definition.name())) {
        byDefault(arg.origin(), definition);
      } else {
        put(definition.name(), given.or(() -> globals.value(definition.name())));
      }
    }
  }

  private boolean isPassed(String name) {
    return passed.containsKey(name);
  }

  private Optional<String> given(String name) {
    Optional<String> value = passed.get(name);
    return value != null ? value : globals.given(name);
  }

  private void put(String name, Optional<String> value) {
    declared.add(name);
    if (value.isPresent()) {
      values.put(name, value.get());
      unknown.remove(name);
    } else if (isPassed(name)) {
      forget(name, "what INCLUDE passes for it is not known before the build");
    }
  }

  /** A variable that a base image may have set is not known to be empty. */
  private void byDefault(Origin origin, Arg.Definition definition) throws BuildfileException {
    Expansion expansion = new Expansion(values, origin.escape());
    declared.add(definition.name());
    try {
      Optional<String> value = definition.expand(expansion, origin).defaultValue();
      if (expansion.undefined().isEmpty()) {
        put(definition.name(), value);
        return;
      }
    } catch (BuildfileException e) {
      if (expansion.undefined().isEmpty()) {
        throw e;
      }
    }
    forget(definition.name(), "its default uses $" + expansion.undefined().first());
  }

  private void forget(String name, String why) {
    values.remove(name);
    unknown.put(name, why);
  }

  void declare(ComputedArg arg) {
    Optional<String> given = given(arg.name());
    declared.add(arg.name());
    if (given.isPresent()) {
      put(arg.name(), given);
    } else {
      forget(arg.name(), "a command of the build computes it");
    }
  }

  /** All values see what was before the instruction. */
  void set(Env instruction) {
    Map<String, Optional<String>> all = new LinkedHashMap<>();
    Expansion each = new Expansion(values, instruction.origin().escape());
    for (KeyValue pair : instruction.variables()) {
      Expansion expansion = each.next();
      try {
        String name = expansion.word(pair.key());
        String value = expansion.word(pair.value());
        boolean known = expansion.undefined().isEmpty();
        all.put(name, known ? Optional.of(value) : Optional.empty());
      } catch (ExpansionException e) {
        all.put(pair.key(), Optional.empty()); // the build will meet it, and tell
      }
    }
    all.forEach(this::putEnv);
  }

  private void putEnv(String name, Optional<String> value) {
    env.put(name, value);
    if (value.isPresent()) {
      values.put(name, value.get());
      unknown.remove(name);
    } else {
      forget(name, "its ENV is not known before the build");
    }
  }

  void unset(Unset unset) {
    if (unset.kind() == Unset.Kind.ENV) {
      Set<String> names =
          unset.isAll() ? new TreeSet<>(env.keySet()) : new TreeSet<>(unset.names());
      names.forEach(name -> putEnv(name, Optional.empty()));
    } else if (unset.kind() == Unset.Kind.SHELL) {
      shell = Optional.empty();
    }
  }

  /** Whether an ARG of this place, or else a global one, has a value. */
  boolean isDefined(String name) {
    return values.containsKey(name)
        || unknown.containsKey(name)
        || (!declared.contains(name) && globals.value(name).isPresent());
  }

  /** A word with its variables replaced, all of which have to be known. */
  String word(String raw, Origin origin) throws BuildfileException {
    Expansion expansion = new Expansion(visible(), origin.escape());
    try {
      String value = expansion.word(raw);
      check(expansion, origin);
      return value;
    } catch (ExpansionException e) {
      check(expansion, origin);
      BuildfileException error = origin.error(e.problem());
      error.initCause(e);
      throw error;
    }
  }

  private void check(Expansion expansion, Origin origin) throws BuildfileException {
    for (String name : expansion.undefined()) {
      String why = unknown.get(name);
      if (why != null) {
        throw origin
            .error(
                "$" + name + " is not known before the build: " + why,
                "only ARGs with a value that is known then can be used here")
            .at(name);
      }
      if (!declared.contains(name) && !globals.declares(name)) {
        throw origin.error("no ARG above declares $" + name, hint(name)).at(name);
      }
    }
  }

  private String hint(String name) {
    Set<String> names = new TreeSet<>(visible().keySet());
    names.addAll(declared);
    return Suggestion.nearest(name, names)
        .map(near -> "did you mean $" + near + "?")
        .orElse("declare it: ARG " + name + "; variables of a base image are not known before");
  }

  /** Global ARGs are seen as by FROM lines, unless one of this place has the name. */
  private Map<String, String> visible() {
    Map<String, String> all = new HashMap<>(globals.values());
    all.keySet().removeAll(declared);
    all.keySet().removeAll(unknown.keySet());
    all.putAll(values);
    return all;
  }

  /** As {@link #word}; empty where something is not known. */
  Optional<String> find(String raw, Origin origin) {
    Expansion expansion = new Expansion(values, origin.escape());
    try {
      String value = expansion.word(raw);
      return expansion.undefined().isEmpty() ? Optional.of(value) : Optional.empty();
    } catch (ExpansionException e) {
      return Optional.empty(); // the build will meet it, and tell
    }
  }
}
