/**
 * How work is ordered: {@link io.jbuild.builder.solve.Flights} runs each key once, {@link
 * io.jbuild.builder.solve.Cancellation} ends what is under way, {@link
 * io.jbuild.builder.solve.Tasks} runs chains of steps that wait for each other.
 *
 * <p>No thread of the executor ever waits for another task: a chain that needs a result which is
 * not there yet gives its thread back and goes on when the result arrives, so any executor size
 * works.
 */
@NullMarked
package io.jbuild.builder.solve;

import org.jspecify.annotations.NullMarked;
