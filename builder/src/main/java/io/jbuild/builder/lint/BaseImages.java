package io.jbuild.builder.lint;

import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.io.IOException;
import java.util.Optional;

/** Base images as far as they are known without asking a registry. */
@FunctionalInterface
public interface BaseImages {
  /** Knows none. */
  BaseImages NONE = (reference, platform) -> Optional.empty();

  /** The image's configuration; one for another platform if that is all there is. */
  Optional<ImageConfig> find(Reference reference, Platform platform) throws IOException;
}
