/**
 * The values of the secrets that a build was given, read when they are needed.
 *
 * <p>Start at {@link io.jbuild.builder.secret.Secrets}. The rule: a value is in no message, and one
 * that is too large is refused, never cut.
 */
@NullMarked
package io.jbuild.builder.secret;

import org.jspecify.annotations.NullMarked;
