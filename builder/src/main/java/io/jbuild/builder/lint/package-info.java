/**
 * Checks of a Buildfile that is valid: what is likely a mistake, and what costs bytes or time.
 *
 * <p>Start at {@link io.jbuild.builder.lint.Linter} and {@link io.jbuild.builder.lint.Rule}, which
 * lists all checks. The rule: nothing is run, pulled or changed, and a check whose answer depends
 * on something unknown, such as a base image that is not here, stays silent.
 */
@NullMarked
package io.jbuild.builder.lint;

import org.jspecify.annotations.NullMarked;
