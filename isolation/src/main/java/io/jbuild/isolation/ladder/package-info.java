/**
 * Which walls this machine lets this user have: {@link io.jbuild.isolation.ladder.Rung} names them
 * from the best to none, {@link io.jbuild.isolation.ladder.Doctor} finds out by trying, and each
 * {@link io.jbuild.isolation.ladder.Finding} says what is missing and the command that mends it.
 *
 * <p>The rule: a feature is tried in a child of its own, never guessed from a version, and nothing
 * that was tried stays. A probe that cannot be made is a finding, not an error.
 */
@NullMarked
package io.jbuild.isolation.ladder;

import org.jspecify.annotations.NullMarked;
