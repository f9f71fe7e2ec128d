package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Onbuild;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.RunConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds at a place in a stage. Changes from line to line; a stage begins with a copy. */
final class StageScope {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Map<String, String> variables = new HashMap<>();
  private final Set<String> declared = new HashSet<>();
  private final List<Instruction> triggers = new ArrayList<>();
  private final List<Instruction> triggersOfBase = new ArrayList<>();
  private final boolean baseKnown;
  private boolean shellSet;
  private boolean workdirSet;
  private TreePath workdir = TreePath.ROOT;

  private StageScope(boolean baseKnown) {
    this.baseKnown = baseKnown;
    variables.put("PATH", DEFAULT_PATH);
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
      scope.set(
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

  void declare(Arg.Definition definition) {
    declared.add(definition.name());
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
