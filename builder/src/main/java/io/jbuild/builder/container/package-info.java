/**
 * {@code jbuild run}: {@link io.jbuild.builder.container.ImageRunner} runs one command over an
 * image, with the same isolation core and the same user and host files as a RUN step.
 */
@NullMarked
package io.jbuild.builder.container;

import org.jspecify.annotations.NullMarked;
