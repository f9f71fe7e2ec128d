package io.jbuild.builder.stage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The variables in sight of an instruction: those of ENV and those of ARG, whichever came last
 * where both have a name (BuildKit's source decides by order, against its own documentation).
 */
public final class Environment {
  private final Map<String, String> variables;
  private final Map<String, Optional<String>> declared;

  private Environment(Map<String, String> variables, Map<String, Optional<String>> declared) {
    this.variables = Collections.unmodifiableMap(variables);
    this.declared = Collections.unmodifiableMap(declared);
  }

  /** That of a base image: {@code NAME=value} each. */
  public static Environment of(List<String> imageEnv) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String entry : imageEnv) {
      int equals = entry.indexOf('=');
      variables.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return new Environment(variables, new LinkedHashMap<>());
  }

  /** After {@code ENV name=value}. */
  public Environment set(String name, String value) {
    Map<String, String> copy = new LinkedHashMap<>(variables);
    copy.put(name, value);
    return new Environment(copy, declared);
  }

  /** After {@code ARG name}; without a value the name is declared, but not set. */
  public Environment declare(String name, Optional<String> value) {
    Map<String, String> copy = new LinkedHashMap<>(variables);
    value.ifPresent(text -> copy.put(name, text));
    Map<String, Optional<String>> names = new LinkedHashMap<>(declared);
    names.put(name, value);
    return new Environment(copy, names);
  }

  /** What words expand to. */
  public Map<String, String> variables() {
    return variables;
  }

  /** Whether an ARG of the stage, or of a stage that it is built from, has this name. */
  public boolean declares(String name) {
    return declared.containsKey(name);
  }

  /** Sorted, as a cache key wants it. */
  public SortedMap<String, String> sorted() {
    return new TreeMap<>(variables);
  }

  /**
   * Docker's note of the arguments that a RUN saw: {@code |2 A=1 B=2 }, or nothing when there were
   * none.
   */
  public String historyPrefix() {
    if (declared.isEmpty()) {
      return "";
    }
    List<String> words = new ArrayList<>();
    declared.forEach(
        (name, value) -> words.add(name + "=" + variables.getOrDefault(name, value.orElse(""))));
    return "|" + words.size() + " " + String.join(" ", words) + " ";
  }
}
