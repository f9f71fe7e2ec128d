/**
 * Where a text came from: lines, ranges, and errors that show them.
 *
 * <p>Start at {@link io.jbuild.builder.source.Source} (the text, by lines) and {@link
 * io.jbuild.builder.source.BuildfileException} (the one exception for what is wrong in it). The
 * rule: whatever is reported about a user's file names a line of that file.
 */
@NullMarked
package io.jbuild.builder.source;

import org.jspecify.annotations.NullMarked;
