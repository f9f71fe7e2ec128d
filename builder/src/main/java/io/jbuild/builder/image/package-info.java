/**
 * Images as a whole: found by name ({@link io.jbuild.builder.image.ImageNames}), pulled ({@link
 * io.jbuild.builder.image.Puller}), given a manifest ({@link io.jbuild.builder.image.Manifests}),
 * pushed and exported. {@link io.jbuild.builder.image.StoreImages} has all of it for the commands.
 */
@NullMarked
package io.jbuild.builder.image;

import org.jspecify.annotations.NullMarked;
