/**
 * Patterns for paths: Go's {@code filepath.Match} ({@link io.jbuild.builder.match.PathPattern}) and
 * ignore files ({@link io.jbuild.builder.match.IgnoreRules}).
 *
 * <p>The rule: a pattern comes from a user and a path from anywhere, so matching is a walk over a
 * set of states, linear in the path whatever the pattern; {@code java.util.regex} stays out. Paths
 * are relative, with {@code /}, and lexically clean.
 */
@NullMarked
package io.jbuild.builder.match;

import org.jspecify.annotations.NullMarked;
