/** Placeholder. */
@NullMarked
package io.jbuild.isolation;

import org.jspecify.annotations.NullMarked;
