package io.jbuild.builder.lint;

import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.MountFlag;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.plan.NamedContexts;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which stage begins with which, and which are built. */
final class StageTable {
  private final Buildfile file;
  private final List<From> froms;
  private final NamedContexts contexts;
  private final Platform platform;

  /**
   * @param froms of each stage, variables replaced
   * @param contexts that the caller gives
   */
  StageTable(Buildfile file, List<From> froms, NamedContexts contexts, Platform platform) {
    this.file = file;
    this.froms = List.copyOf(froms);
    this.contexts = contexts;
    this.platform = platform;
  }

  From from(Stage stage) {
    return froms.get(stage.index());
  }

  /** Whether a context of the caller takes the place of all that the stage does. */
  boolean isReplaced(Stage stage) {
    return stage.name().flatMap(name -> contexts.find(name, platform)).isPresent();
  }

  /** Whether the stage begins with a context of the caller. */
  boolean beginsWithContext(Stage stage) {
    return contexts.find(from(stage).base(), platform).isPresent();
  }

  /** The stage that a stage begins with: only one above it is meant. */
  Optional<Stage> base(Stage stage) {
    Optional<String> base = Optional.of(from(stage).base().toLowerCase(Locale.ROOT));
    return file.stages().subList(0, stage.index()).stream()
        .filter(other -> other.name().equals(base))
        .reduce((first, last) -> last);
  }

  /** The stages that are checked: all, or the target and what it needs. */
  List<Stage> wanted(Optional<String> target) throws UserException {
    if (target.isEmpty()) {
      return file.stages();
    }
    Set<Integer> needed = new TreeSet<>();
    collect(find(target.get()), needed);
    return needed.stream().map(file.stages()::get).toList();
  }

  private Stage find(String name) throws UserException {
    Optional<Stage> found = file.stage(name);
    if (found.isEmpty()) {
      List<String> names = file.stages().stream().map(Stage::label).toList();
      throw new UserException(
          "target stage \"" + name + "\" is not in " + file.source().name(),
          Suggestion.hint(name, names).orElse("its stages: " + String.join(", ", names)));
    }
    return found.get();
  }

  private void collect(Stage stage, Set<Integer> needed) {
    if (needed.add(stage.index()) && !isReplaced(stage)) {
      base(stage).ifPresent(base -> collect(base, needed));
      suppliers(stage).forEach(supplier -> collect(supplier, needed));
    }
  }

  /** The stages that a stage copies from or mounts. */
  private List<Stage> suppliers(Stage stage) {
    List<Stage> found = new ArrayList<>();
    for (Instruction instruction : stage.instructions()) {
      for (String name : sources(instruction)) {
        file.stage(name).filter(other -> other.index() < stage.index()).ifPresent(found::add);
      }
    }
    return found;
  }

  private static List<String> sources(Instruction instruction) {
    if (instruction instanceof Copy copy) {
      return copy.from().stream().toList();
    }
    if (instruction instanceof ComputedArg computed) {
      return sources(computed.run());
    }
    if (instruction instanceof Run run) {
      return run.mounts().stream().map(MountFlag::from).flatMap(Optional::stream).toList();
    }
    return List.of();
  }

  /**
   * The stages whose layers end in an image: the target's, or those that no other stage uses, and
   * what they begin with. Of other stages only files are taken.
   */
  Set<Stage> ofImages(Optional<String> target) throws UserException {
    Set<Stage> all = new HashSet<>();
    for (Stage stage : target.isPresent() ? List.of(find(target.get())) : unused()) {
      Optional<Stage> next = Optional.of(stage);
      while (next.isPresent() && all.add(next.get())) {
        next = base(next.get());
      }
    }
    return all;
  }

  private List<Stage> unused() {
    Set<Stage> used = new HashSet<>();
    for (Stage stage : file.stages()) {
      used.addAll(suppliers(stage));
      base(stage).ifPresent(used::add);
    }
    return file.stages().stream().filter(stage -> !used.contains(stage)).toList();
  }
}
