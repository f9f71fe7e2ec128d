package io.jbuild.isolation.plan;

import io.jbuild.linux.spawn.Program;
import java.util.List;

/** The steps of one sandbox in their order; the last one executes the command. */
public record Plan(List<SetupStep> steps) {
  public Plan {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || !(steps.get(steps.size() - 1) instanceof Execute)) {
      throw new IllegalArgumentException("a plan ends by executing the command");
    }
  }

  public Program compile() {
    Assembly assembly = new Assembly();
    steps.forEach(step -> step.compile(assembly));
    return assembly.program();
  }
}
