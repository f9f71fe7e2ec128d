package io.jbuild.builder.stage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The variables in sight of an instruction: those of ENV and those of ARG, whichever came last
 * where both have a name (BuildKit's source decides by order, against its own documentation).
 */
public final class Environment {
  private final Map<String, String> image;
  private final Map<String, String> variables;
  private final Map<String, Optional<String>> declared;
  private final Map<String, String> passed;
  private final @Nullable Environment outer;

  private Environment(
      Map<String, String> image,
      Map<String, String> variables,
      Map<String, Optional<String>> declared,
      Map<String, String> passed,
      @Nullable Environment outer) {
    this.image = Collections.unmodifiableMap(image);
    this.variables = Collections.unmodifiableMap(variables);
    this.declared = Collections.unmodifiableMap(declared);
    this.passed = Collections.unmodifiableMap(passed);
    this.outer = outer;
  }

  /** That of a base image: {@code NAME=value} each. */
  public static Environment of(List<String> imageEnv) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String entry : imageEnv) {
      int equals = entry.indexOf('=');
      variables.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return new Environment(variables, variables, Map.of(), Map.of(), null);
  }

  /** After {@code ENV name=value}. */
  public Environment set(String name, String value) {
    return new Environment(
        with(image, name, value),
        with(variables, name, value),
        declared,
        passed,
        outer == null ? null : outer.set(name, value));
  }

  /** Without an ENV; an ARG of the same name is seen again. */
  public Environment unset(String name) {
    Map<String, String> images = new LinkedHashMap<>(image);
    images.remove(name);
    Map<String, String> copy = new LinkedHashMap<>(variables);
    copy.remove(name);
    declared.getOrDefault(name, Optional.empty()).ifPresent(value -> copy.put(name, value));
    return new Environment(
        images, copy, declared, passed, outer == null ? null : outer.unset(name));
  }

  /**
   * Inside an included file: without the ARGs around it.
   *
   * @param values what is passed to it
   */
  public Environment enter(Map<String, String> values) {
    return new Environment(image, image, Map.of(), new LinkedHashMap<>(values), this);
  }

  /** After an included file: what was around it, and what its ENVs have set. */
  public Environment leave() {
    if (outer == null) {
      throw new IllegalStateException("nothing was entered");
    }
    return outer;
  }

  /** The value that was passed to the included file for one of its ARGs. */
  public Optional<String> passed(String name) {
    return Optional.ofNullable(passed.get(name));
  }

  private static Map<String, String> with(Map<String, String> map, String name, String value) {
    Map<String, String> copy = new LinkedHashMap<>(map);
    copy.put(name, value);
    return copy;
  }

  /** After {@code ARG name}; without a value the name is declared, but not set. */
  public Environment declare(String name, Optional<String> value) {
    Map<String, String> copy = new LinkedHashMap<>(variables);
    value.ifPresent(text -> copy.put(name, text));
    Map<String, Optional<String>> names = new LinkedHashMap<>(declared);
    names.put(name, value);
    return new Environment(image, copy, names, passed, outer);
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
