/**
 * Contexts that are fetched: {@link io.jbuild.builder.remote.RemoteContexts} brings the files of a
 * git repository, of an archive or a single file of a web server into a directory of the store.
 *
 * <p>A {@link io.jbuild.builder.remote.RemoteDirectory} lasts until it is closed, by whoever asked
 * for it; what is cached beyond that is the business of the packages {@code git} and {@code web}.
 */
@NullMarked
package io.jbuild.builder.remote;

import org.jspecify.annotations.NullMarked;
