/**
 * Where COPY, ADD and bind mounts take files from: a directory of this machine, a stage, an image.
 *
 * <p>Start from {@link io.jbuild.builder.context.SourceTree}, which is all of them, {@link
 * io.jbuild.builder.context.IgnoreFiles}, and {@link io.jbuild.builder.context.BuildfileFinder} for
 * the file that a build begins with. The rule that holds: a tree costs nothing until a path in it
 * is asked for, no path leads out of it, and what an ignore file hides is neither read nor named.
 */
@NullMarked
package io.jbuild.builder.context;

import org.jspecify.annotations.NullMarked;
