/**
 * What is said to and by the builder: a {@link io.jbuild.builder.BuildRequest} in, events to a
 * {@link io.jbuild.builder.BuildListener} and a {@link io.jbuild.builder.BuildResult} out; {@link
 * io.jbuild.builder.Engine} is the whole of it.
 *
 * <p>Plain data only: this package imports none of the packages below it, which do the work.
 */
@NullMarked
package io.jbuild.builder;

import org.jspecify.annotations.NullMarked;
