/**
 * The parts of a store as the builder uses them together: {@link io.jbuild.builder.store.Stores}
 * opens them, {@link io.jbuild.builder.store.RootTree} looks into the stacked layers of an image.
 *
 * <p>Opening a store calls no native code: a build that the cache answers needs none.
 */
@NullMarked
package io.jbuild.builder.store;

import org.jspecify.annotations.NullMarked;
