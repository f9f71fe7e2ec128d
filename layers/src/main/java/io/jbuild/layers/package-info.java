/** Placeholder. */
@NullMarked
package io.jbuild.layers;

import org.jspecify.annotations.NullMarked;
