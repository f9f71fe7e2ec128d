/**
 * jbuild's own language, {@code # syntax=jbuild/1}: INCLUDE, IF, variables in {@code --from},
 * strict scripts. All of it is decided here, before the stages are known, so that what is behind
 * meets plain instructions and a few of its own kinds.
 *
 * <p>Start at {@link io.jbuild.builder.extend.BuildfileLoader} (a text becomes a Buildfile) and
 * {@link io.jbuild.builder.extend.BuildFacts} (what decides). The rule: only what is known before
 * the build decides, anything else is an error at its line; a node keeps the place where it was
 * written.
 */
@NullMarked
package io.jbuild.builder.extend;

import org.jspecify.annotations.NullMarked;
