/**
 * Instructions as typed values, and the stages that they form.
 *
 * <p>Start at {@link io.jbuild.builder.instruction.Buildfile} (a whole file) and {@link
 * io.jbuild.builder.instruction.Instruction} (the kinds, with one expansion for all). The rule: an
 * instruction that exists is valid as far as it can be known without variables; what variables
 * bring is checked when it is expanded, and either way the error names the lines.
 */
@NullMarked
package io.jbuild.builder.instruction;

import org.jspecify.annotations.NullMarked;
