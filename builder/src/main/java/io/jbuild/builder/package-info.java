/** Placeholder. */
@NullMarked
package io.jbuild.builder;

import org.jspecify.annotations.NullMarked;
