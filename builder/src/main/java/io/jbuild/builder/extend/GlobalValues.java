package io.jbuild.builder.extend;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.plan.GlobalArgs;
import io.jbuild.builder.source.BuildfileException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What every place sees: the caller's arguments, the platform, the ARGs before the first FROM. */
final class GlobalValues {
  private final BuildFacts facts;
  private final Map<String, String> values;
  private final Set<String> declared = new HashSet<>();

  GlobalValues(BuildFacts facts) {
    this.facts = facts;
    this.values =
        new TreeMap<>(GlobalArgs.predefined(facts.buildArgs(), facts.platform(), facts.target()));
  }

  void declare(Arg arg) throws BuildfileException {
    for (Arg.Definition definition : arg.definitions()) {
      declared.add(definition.name());
      Optional<String> value = given(definition.name());
      if (value.isEmpty()) {
        Expansion expansion = new Expansion(values, arg.origin().escape());
        value = definition.expand(expansion, arg.origin()).defaultValue();
      }
      value.ifPresent(text -> values.put(definition.name(), text));
    }
  }

  /** The caller's value. */
  Optional<String> given(String name) {
    return Optional.ofNullable(facts.buildArgs().get(name));
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  boolean declares(String name) {
    return declared.contains(name) || values.containsKey(name);
  }
}
