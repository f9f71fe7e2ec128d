package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.parse.Directives.Checks;
import io.jbuild.builder.source.SourceRange;

/**
 * An instruction and how it was written.
 *
 * @param written its keyword, in the case that the user chose
 * @param range where a finding about it is shown
 * @param checks what the comment above it says
 */
record Line(Instruction instruction, String written, SourceRange range, Checks checks) {

  /** A trigger of this stage's base, which is run at its FROM. */
  Line trigger(Instruction trigger) {
    return new Line(trigger, trigger.keyword().name(), range, checks);
  }
}
