/**
 * The instructions that change files. Each is a {@link io.jbuild.builder.step.FileStep}: a key that
 * says everything that its result depends on, and the work that makes a layer when no record has
 * this key.
 */
@NullMarked
package io.jbuild.builder.step;

import org.jspecify.annotations.NullMarked;
