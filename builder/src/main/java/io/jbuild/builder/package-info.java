/**
 * What is said to and by the builder: a request in, events and a result out. Start from {@code
 * BuildRequest} and {@code BuildListener}.
 *
 * <p>Plain data only: this package imports none of the packages below it, which do the work.
 */
@NullMarked
package io.jbuild.builder;

import org.jspecify.annotations.NullMarked;
