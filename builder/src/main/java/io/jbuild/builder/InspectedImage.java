package io.jbuild.builder;

import io.jbuild.oci.Digest;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Reference;
import java.util.List;

/**
 * All that the store knows about an image.
 *
 * @param configBytes the configuration exactly as stored: its digest is the ID
 * @param names every name of the image
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record InspectedImage(
    Digest id, List<Reference> names, ImageConfig config, byte[] configBytes, List<Layer> layers) {
  public InspectedImage {
    names = List.copyOf(names);
    configBytes = configBytes.clone();
    layers = List.copyOf(layers);
  }

  @Override
  public byte[] configBytes() {
    return configBytes.clone();
  }

  /** One layer, lowest first. */
  public record Layer(Digest diffId, long bytes) {}
}
