/**
 * What a sandbox gets and gives: {@link io.jbuild.builder.run.StepLog} takes its output, {@link
 * io.jbuild.builder.run.SandboxRun} starts it, waits for it and ends it when the build is
 * cancelled.
 *
 * <p>A RUN step and {@code jbuild run} use the same code, and through it the same isolation core.
 */
@NullMarked
package io.jbuild.builder.run;

import org.jspecify.annotations.NullMarked;
