/**
 * One build from request to image: {@link io.jbuild.builder.build.PlatformBuilds} has a {@link
 * io.jbuild.builder.build.BuildSession} for each platform, which solves the target stage, and
 * {@link io.jbuild.builder.build.StageRunner} takes one stage's instructions in order.
 *
 * <p>Stages are asked for, not scheduled: the target asks for its base and for what it copies from,
 * each stage runs once, and the first failure ends all of them.
 */
@NullMarked
package io.jbuild.builder.build;

import org.jspecify.annotations.NullMarked;
