/**
 * The instructions that change files. Each is a {@link io.jbuild.builder.step.FileStep}: a key that
 * says everything that its result depends on, and the work that makes a layer when no record has
 * this key. A RUN's mounts are {@link io.jbuild.builder.step.StepMount}s, found by {@link
 * io.jbuild.builder.step.MountPreparation} before the key is made; what they open is held by {@link
 * io.jbuild.builder.step.StepResources} until the step ends.
 *
 * <p>The rule: of files a key has the content, never where they come from or their times; of a
 * secret never the value.
 */
@NullMarked
package io.jbuild.builder.step;

import org.jspecify.annotations.NullMarked;
