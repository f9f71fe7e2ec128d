/**
 * What a Buildfile offers to who builds it: its targets, and the arguments, secrets, agents and
 * caches that one target takes.
 *
 * <p>Start at {@link io.jbuild.builder.outline.Outline} and {@link
 * io.jbuild.builder.outline.Target}. The rule: nothing is run or pulled, so what only a base image
 * defines is not known here.
 */
@NullMarked
package io.jbuild.builder.outline;

import org.jspecify.annotations.NullMarked;
