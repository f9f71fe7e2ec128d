/**
 * Which stages a build needs and what each begins with: {@link io.jbuild.builder.plan.StageGraph}
 * is made from a Buildfile before anything runs.
 *
 * <p>A name means, in this order: a named context, an earlier stage, {@code scratch}, an image.
 * Only an earlier stage can be meant, so that the graph has no cycle.
 */
@NullMarked
package io.jbuild.builder.plan;

import org.jspecify.annotations.NullMarked;
