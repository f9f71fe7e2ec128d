/**
 * COPY and ADD.
 *
 * <p>Three steps, each a value: a {@link io.jbuild.builder.copy.CopyRequest} is what was written; a
 * {@link io.jbuild.builder.copy.CopySelection} is the files that it names, with the digest that the
 * cache key takes, made without the image below; a {@link io.jbuild.builder.copy.CopyPlan} is where
 * they go in that image, and writes the layer. The rule that holds: the layer has the bytes that
 * the digest was made of, or the step fails.
 */
@NullMarked
package io.jbuild.builder.copy;

import org.jspecify.annotations.NullMarked;
