/**
 * What must hold for any text that a parser of this project is given.
 *
 * <p>Start at {@link io.jbuild.fuzz.Target} (the parsers, by name) and {@link io.jbuild.fuzz.Fuzz}
 * (what the fuzzer calls). The rule: a target needs nothing but its text, throws an error for a
 * broken promise only, and knows the answer by simpler means than the code that it tests.
 */
@NullMarked
package io.jbuild.fuzz;

import org.jspecify.annotations.NullMarked;
