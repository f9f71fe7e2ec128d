/** Placeholder. */
@NullMarked
package io.jbuild.overlay;

import org.jspecify.annotations.NullMarked;
