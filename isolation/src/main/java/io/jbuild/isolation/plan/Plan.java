package io.jbuild.isolation.plan;

import io.jbuild.linux.spawn.Program;
import java.util.List;
import java.util.Optional;

/**
 * The steps of one sandbox in their order; the last one executes the command.
 *
 * @param filesLabel the SELinux label of file systems that the child makes for the command's files
 */
public record Plan(List<SetupStep> steps, Optional<String> filesLabel) {
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
    Assembly assembly = new Assembly(filesLabel);
    steps.forEach(step -> step.compile(assembly));
    return assembly.program();
  }
}
