package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.instruction.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hints: what is carried in a layer without use, and what is done again without need. */
final class CostRules {
  private final StageTable table;
  private final Map<Stage, List<Step>> steps;
  private final Findings findings;

  CostRules(StageTable table, Map<Stage, List<Step>> steps, Findings findings) {
    this.table = table;
    this.steps = steps;
    this.findings = findings;
  }

  /**
   * Checks stages.
   *
   * @param ofImages those whose layers somebody stores and pulls
   */
  void check(List<Stage> stages, Set<Stage> ofImages) {
    for (Stage stage : stages) {
      cacheOrder(of(stage));
      if (ofImages.contains(stage)) {
        layers(stage);
      }
    }
  }

  private List<Step> of(Stage stage) {
    return steps.getOrDefault(stage, List.of());
  }

  /** COPY of everything, and below it what few of the files matter for. */
  private void cacheOrder(List<Step> all) {
    Set<Tool> before = EnumSet.noneOf(Tool.class);
    Optional<Step> copy = Optional.empty();
    for (Step step : all) {
      Optional<CopyEffects> effects = CopyEffects.of(step.instruction());
      if (copy.isEmpty() && effects.isPresent() && effects.get().takesWholeContext()) {
        copy = Optional.of(step);
      }
      if (step.instruction() instanceof Run run) {
        Optional<Tool> tool = installer(run, before);
        if (copy.isPresent() && tool.isPresent() && !hasCache(step)) {
          report(copy.get(), step, tool.get());
          return;
        }
        tool.ifPresent(before::add);
      }
    }
  }

  private static Optional<Tool> installer(Run run, Set<Tool> known) {
    for (List<String> command : ShellCommands.of(run.command())) {
      Optional<Tool> tool = Tool.of(command).filter(t -> t.installsDependencies(command));
      if (tool.isPresent() && !known.contains(tool.get())) {
        return tool;
      }
    }
    return Optional.empty();
  }

  private static boolean hasCache(Step step) {
    return step.mounts().stream().anyMatch(RunMount.Cache.class::isInstance);
  }

  private void report(Step copy, Step install, Tool tool) {
    findings.add(
        copy.line(),
        Rule.COST_CACHE_ORDER,
        "a change of any file repeats the installation in line "
            + install.number()
            + " ("
            + tool.program()
            + "): install first, with only the files that it needs");
  }

  /** The steps below a stage's end, those of the stages that it is based on first. */
  private void layers(Stage stage) {
    List<Made> made = new ArrayList<>();
    Map<String, Step> packages = new HashMap<>();
    Optional<Stage> base = table.base(stage);
    base.ifPresent(below -> collect(below, made, packages));
    for (Step step : of(stage)) {
      if (step.instruction() instanceof Run run) {
        RunEffects effects = RunEffects.of(step, run);
        removed(step, effects, made);
        removedPackages(step, effects, packages);
        rewritten(step, effects, made);
      }
      add(step, made, packages);
    }
  }

  private void collect(Stage stage, List<Made> made, Map<String, Step> packages) {
    table.base(stage).ifPresent(below -> collect(below, made, packages));
    for (Step step : of(stage)) {
      if (step.instruction() instanceof Run run) {
        RunEffects effects = RunEffects.of(step, run);
        made.removeIf(each -> effects.removes(each.path()));
        effects.packagesRemoved().forEach(packages::remove);
      }
      add(step, made, packages);
    }
  }

  private static void add(Step step, List<Made> made, Map<String, Step> packages) {
    if (step.instruction() instanceof Run run) {
      RunEffects effects = RunEffects.of(step, run);
      effects.made().forEach(path -> made.add(Made.byCommand(path, step)));
      effects.packagesMade().forEach(name -> packages.put(name, step));
    }
    CopyEffects.of(step.instruction()).ifPresent(copy -> made.addAll(copy.made(step)));
  }

  private void removed(Step step, RunEffects effects, List<Made> made) {
    for (Made each : List.copyOf(made)) {
      if (effects.removes(each.path())) {
        made.remove(each);
        findings.add(
            step.line(),
            Rule.COST_REMOVED_LATER,
            "removes " + each.path() + " too late: the bytes stay in the layer of " + line(each));
      }
    }
  }

  private void removedPackages(Step step, RunEffects effects, Map<String, Step> packages) {
    for (String name : effects.packagesRemoved()) {
      Step installed = packages.remove(name);
      if (installed != null) {
        findings.add(
            step.line(),
            Rule.COST_REMOVED_LATER,
            "removes package "
                + name
                + " too late: its bytes stay in the layer of line "
                + installed.number());
      }
    }
  }

  /** What is below a copied directory may be little or nothing of it: silence. */
  private void rewritten(Step step, RunEffects effects, List<Made> made) {
    for (RunEffects.Rewrite rewrite : effects.rewrites()) {
      boolean mode = rewrite.program().equals("chmod");
      Optional<Made> twice =
          made.stream()
              .filter(Made::copy)
              .filter(each -> !(mode ? each.moded() : each.owned()))
              .filter(each -> each.path().startsWith(rewrite.path()))
              .findFirst();
      twice.ifPresent(
          each ->
              findings.add(
                  step.line(),
                  Rule.COST_REWRITTEN_LATER,
                  rewrite.program()
                      + " -R stores every file of "
                      + rewrite.path()
                      + " a second time: give "
                      + (mode ? "--chmod" : "--chown")
                      + " to the instruction in "
                      + line(each)));
    }
  }

  private static String line(Made made) {
    return "line " + made.step().number();
  }
}
