/** Placeholder. */
@NullMarked
package io.jbuild.oci;

import org.jspecify.annotations.NullMarked;
