/**
 * One HTTP request, bounded: its time, its headers, its bodies as streams with back pressure.
 *
 * <p>Start at {@link io.jbuild.registry.http.HttpTransport} and {@link
 * io.jbuild.registry.http.BodyStream}. The rule that holds: this package never follows a redirect,
 * never adds a credential and never repeats a request; all of that is policy, and lives above.
 */
@NullMarked
package io.jbuild.registry.http;

import org.jspecify.annotations.NullMarked;
