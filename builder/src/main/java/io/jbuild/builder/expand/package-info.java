/**
 * Variables, quotes and escapes in the words of a Buildfile.
 *
 * <p>Start at {@link io.jbuild.builder.expand.Expansion}: made for one instruction from the
 * environment before it, so that {@code ENV a=1 b=$a} gives {@code b} the old {@code a}. The rule:
 * time is linear in what is read and written, and what is written has a limit.
 */
@NullMarked
package io.jbuild.builder.expand;

import org.jspecify.annotations.NullMarked;
