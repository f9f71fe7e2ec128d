/**
 * Programs that the kernel runs: {@link io.jbuild.linux.bpf.Instruction}s, loaded as a {@link
 * io.jbuild.linux.bpf.DeviceProgram} and attached to a control group.
 *
 * <p>The rule: what a program decides is the caller's business; here it is only loaded, and the
 * kernel's verifier is quoted when it refuses.
 */
@NullMarked
package io.jbuild.linux.bpf;

import org.jspecify.annotations.NullMarked;
