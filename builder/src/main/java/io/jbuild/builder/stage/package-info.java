/**
 * What a stage is while it is built: {@link io.jbuild.builder.stage.StageState} is the image so
 * far, {@link io.jbuild.builder.stage.Environment} the variables that are in sight, and {@link
 * io.jbuild.builder.stage.ConfigStep} takes every instruction that only changes the configuration.
 *
 * <p>All of it is immutable: an instruction makes a new state, so that stages that share a base can
 * never disturb each other.
 */
@NullMarked
package io.jbuild.builder.stage;

import org.jspecify.annotations.NullMarked;
