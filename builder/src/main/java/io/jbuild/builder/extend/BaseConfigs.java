package io.jbuild.builder.extend;

import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.io.IOException;
import java.util.Optional;

/** Configurations of base images, as far as they are at hand. */
@FunctionalInterface
public interface BaseConfigs {
  /** Knows none. */
  BaseConfigs NONE = (reference, platform) -> Optional.empty();

  Optional<ImageConfig> find(Reference reference, Platform platform) throws IOException;
}
