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
 * @param platforms all images of the name that was asked for, this one among them
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record InspectedImage(
    Digest id,
    List<Reference> names,
    ImageConfig config,
    byte[] configBytes,
    List<Layer> layers,
    List<BuildResult.PlatformImage> platforms) {
  public InspectedImage {
    names = List.copyOf(names);
    configBytes = configBytes.clone();
    layers = List.copyOf(layers);
    platforms = List.copyOf(platforms);
  }

  @Override
  public byte[] configBytes() {
    return configBytes.clone();
  }

  /** One layer, lowest first. */
  public record Layer(Digest diffId, long bytes) {}
}
