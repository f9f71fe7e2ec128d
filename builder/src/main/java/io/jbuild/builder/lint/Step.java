package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.linux.TreePath;
import java.util.List;

/**
 * An instruction that may change files.
 *
 * @param instruction with variables replaced
 * @param mounts of a RUN
 */
record Step(Line line, Instruction instruction, TreePath workdir, List<RunMount> mounts) {
  Step {
    mounts = List.copyOf(mounts);
  }

  int number() {
    return line.range().startLine();
  }
}
