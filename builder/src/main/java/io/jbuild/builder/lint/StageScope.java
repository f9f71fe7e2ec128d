package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.KeyValue;
import io.jbuild.builder.instruction.Onbuild;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.RunConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds at a place in a stage. Changes from line to line; a stage begins with a copy. */
final class StageScope {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Map<String, String> env = new HashMap<>();
  private final Deque<Frame> around = new ArrayDeque<>();
  private Map<String, String> variables = new HashMap<>();
  private Set<String> declared = new HashSet<>();
  private Map<String, String> passed = Map.of();
  private final List<Instruction> triggers = new ArrayList<>();
  private final List<Instruction> triggersOfBase = new ArrayList<>();
  private final boolean baseKnown;
  private boolean shellSet;
  private boolean workdirSet;
  private TreePath workdir = TreePath.ROOT;

  private StageScope(boolean baseKnown) {
    this.baseKnown = baseKnown;
    setEnv("PATH", DEFAULT_PATH);
  }

  static StageScope scratch() {
    return new StageScope(true);
  }

  /** On an image of which nothing is known but its name. */
  static StageScope unknown() {
    return new StageScope(false);
  }

  /**
   * On an image.
   *
   * @param name for error messages
   */
  static StageScope of(ImageConfig image, String name) throws BuildfileException {
    RunConfig config = image.config();
    StageScope scope = new StageScope(true);
    for (String entry : config.env()) {
      int equals = entry.indexOf('=');
      scope.setEnv(
          equals < 0 ? entry : entry.substring(0, equals),
          equals < 0 ? "" : entry.substring(equals + 1));
    }
    scope.shellSet = !config.shell().isEmpty();
    scope.workdir = TreePath.parse(config.workingDir());
    for (String expression : config.onBuild()) {
      scope.triggersOfBase.add(Buildfile.parseTrigger(expression, name));
    }
    return scope;
  }

  /** The beginning of a stage that is based on the one that ended here. */
  StageScope asBase() {
    StageScope next = new StageScope(baseKnown);
    next.env.putAll(env);
    next.variables.putAll(variables);
    next.declared.addAll(declared);
    next.shellSet = shellSet;
    next.workdirSet = workdirSet;
    next.workdir = workdir;
    next.triggersOfBase.addAll(triggers);
    return next;
  }

  void set(String name, String value) {
    variables.put(name, value);
  }

  /** A variable of the image: seen in and around included files. */
  void setEnv(String name, String value) {
    env.put(name, value);
    variables.put(name, value);
    around.forEach(frame -> frame.variables.put(name, value));
  }

  void unset(String name) {
    env.remove(name);
    variables.remove(name);
    around.forEach(frame -> frame.variables.remove(name));
  }

  /** What is out of sight in an included file. */
  private record Frame(
      Map<String, String> variables, Set<String> declared, Map<String, String> passed) {}

  void enter(List<KeyValue> values) {
    around.push(new Frame(variables, declared, passed));
    variables = new HashMap<>(env);
    declared = new HashSet<>();
    passed = new HashMap<>();
    values.forEach(pair -> passed.put(pair.key(), pair.value()));
  }

  void leave() {
    Frame frame = around.pop();
    variables = frame.variables;
    declared = frame.declared;
    passed = frame.passed;
  }

  /** What was passed to the included file for one of its ARGs. */
  Optional<String> passed(String name) {
    return Optional.ofNullable(passed.get(name));
  }

  void declare(String name) {
    declared.add(name);
  }

  Map<String, String> variables() {
    return variables;
  }

  boolean declares(String name) {
    return declared.contains(name);
  }

  /** Whether all variables that the base brings are known. */
  boolean baseKnown() {
    return baseKnown;
  }

  boolean shellSet() {
    return shellSet;
  }

  void setShell() {
    shellSet = true;
  }

  /** Whether the file itself has said where it is; what a base image says may change. */
  boolean workdirSet() {
    return workdirSet;
  }

  TreePath workdir() {
    return workdir;
  }

  void enter(String path) {
    workdirSet = true;
    workdir = resolve(path);
  }

  /** An absolute path for one that may be relative to the working directory. */
  TreePath resolve(String path) {
    return TreePath.parse(path.startsWith("/") ? path : workdir + "/" + path);
  }

  void addTrigger(Onbuild onbuild) {
    triggers.add(onbuild.trigger());
  }

  /** The ONBUILD instructions of what the stage begins with, which run first. */
  List<Instruction> triggersOfBase() {
    return List.copyOf(triggersOfBase);
  }
}
