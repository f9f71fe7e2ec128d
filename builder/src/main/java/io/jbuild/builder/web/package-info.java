/**
 * Single files of web servers, kept in the store under their digests: {@link
 * io.jbuild.builder.web.WebFiles} fetches one, or learns by one conditional request that the one
 * that is there has not changed.
 *
 * <p>Nothing is kept that did not arrive whole, within its limit and with the checksum that was
 * asked for. Credentials come from the build's secrets, by host, and go to that host alone.
 */
@NullMarked
package io.jbuild.builder.web;

import org.jspecify.annotations.NullMarked;
