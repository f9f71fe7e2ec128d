package io.jbuild.isolation.plan;

import io.jbuild.linux.spawn.Program;
import java.util.List;

/** The steps of one sandbox in their order; the last one executes the command. */
public record Plan(List<SetupStep> steps) {
  public Plan {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || !isExecution(steps.get(steps.size() - 1))) {
      throw new IllegalArgumentException("a plan ends by executing the command");
    }
  }

  private static boolean isExecution(SetupStep step) {
    return step instanceof Execute || step instanceof ExecuteTrusted;
  }

  public Program compile() {
    Assembly assembly = new Assembly();
    steps.forEach(step -> step.compile(assembly));
    return assembly.program();
  }
}
