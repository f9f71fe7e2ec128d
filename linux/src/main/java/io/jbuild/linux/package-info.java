/** Placeholder. */
@NullMarked
package io.jbuild.linux;

import org.jspecify.annotations.NullMarked;
