/**
 * The tar format, byte by byte: {@link io.jbuild.layers.tar.TarWriter} is the only place that knows
 * our canonical form, {@link io.jbuild.layers.tar.TarReader} reads what others wrote.
 *
 * <p>Names are bytes and say nothing about files yet: whoever turns an entry into a file decides
 * what its name may be. The rule that holds here: no size that an archive states is believed before
 * it has met a limit.
 */
@NullMarked
package io.jbuild.layers.tar;

import org.jspecify.annotations.NullMarked;
