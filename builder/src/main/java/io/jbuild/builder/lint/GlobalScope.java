package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.plan.GlobalArgs;
import io.jbuild.builder.source.BuildfileException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The variables of FROM lines.
 *
 * @param values of the platform arguments, and of the ARGs before the first FROM
 * @param names also those without a value
 */
record GlobalScope(Map<String, String> values, Set<String> names) {
  GlobalScope {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    names = Set.copyOf(names);
  }

  /** The scope without build arguments; empty where a default demands one. */
  static Optional<GlobalScope> withoutArgs(Buildfile file, CheckContext context) {
    try {
      return Optional.of(of(file, context, new TreeMap<>()));
    } catch (BuildfileException e) {
      return Optional.empty(); // with the arguments of this build it may well be in order
    }
  }

  /**
   * The scope of a build.
   *
   * @param given the caller's values, for platform arguments too
   */
  static GlobalScope of(Buildfile file, CheckContext context, SortedMap<String, String> given)
      throws BuildfileException {
    Map<String, String> values =
        GlobalArgs.of(file, given, context.platform(), context.target()).global();
    Set<String> names = new HashSet<>(values.keySet());
    for (Arg arg : file.globals()) {
      arg.definitions().forEach(definition -> names.add(definition.name()));
    }
    return new GlobalScope(values, names);
  }
}
