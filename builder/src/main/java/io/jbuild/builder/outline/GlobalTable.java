package io.jbuild.builder.outline;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.outline.Outline.Argument;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.ArgValues;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ARGs before the first FROM, and which of them the default of each names. */
final class GlobalTable {
  private final Map<String, Argument> arguments = new HashMap<>();
  private final Map<String, Set<String>> needs = new HashMap<>();

  static GlobalTable of(Buildfile file, ArgValues args) throws BuildfileException {
    GlobalTable table = new GlobalTable();
    for (Arg arg : file.globals()) {
      for (Arg.Definition definition : arg.definitions()) {
        table.add(arg, definition, args);
      }
    }
    return table;
  }

  private void add(Arg arg, Arg.Definition definition, ArgValues args) throws BuildfileException {
    String name = definition.name();
    Set<String> named = new HashSet<>();
    if (args.given(name).isEmpty()) {
      Expansion expansion = new Expansion(args.global(), arg.origin().escape());
      definition.expand(expansion, arg.origin());
      named.addAll(expansion.used());
    }
    // "ARG A=$A-more" replaces the A that it names, which keeps what that one needed.
    boolean itself = named.remove(name);
    if (!itself) {
      needs.remove(name);
    }
    needs.computeIfAbsent(name, any -> new HashSet<>()).addAll(named);
    Optional<String> value = args.inherited(name);
    arguments.put(name, new Argument(name, value, definition.description(), arg.origin().range()));
  }

  Optional<Argument> find(String name) {
    return Optional.ofNullable(arguments.get(name));
  }

  /** A name and all that its value is made of. */
  Set<String> withNeeds(String name) {
    Set<String> all = new HashSet<>();
    collect(name, all);
    return all;
  }

  private void collect(String name, Set<String> all) {
    if (all.add(name)) {
      needs.getOrDefault(name, Set.of()).forEach(needed -> collect(needed, all));
    }
  }
}
