/**
 * Values that the Buildfile and the command line write in the same way: sizes, durations, limits of
 * steps.
 *
 * <p>Start at {@link io.jbuild.builder.value.StepLimits} (what one step may use) and {@link
 * io.jbuild.builder.value.LimitText} (how each limit is written). The rule: text that is no value
 * is an {@code IllegalArgumentException} whose message is a sentence for the user; who knows the
 * flag and its place adds them.
 */
@NullMarked
package io.jbuild.builder.value;

import org.jspecify.annotations.NullMarked;
