package io.jbuild.builder;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a build made.
 *
 * @param images one for each platform, in the order of the request
 * @param manifest the manifest or index that an output made; empty when nothing needed one
 * @param names the tags that now name the image
 * @param steps in the order of the Buildfile
 */
public record BuildResult(
    List<PlatformImage> images,
    Optional<Descriptor> manifest,
    List<Reference> names,
    List<StepReport> steps) {
  public BuildResult {
    images = List.copyOf(images);
    names = List.copyOf(names);
    steps = List.copyOf(steps);
  }

  /**
   * The image for one platform.
   *
   * @param id the digest of its configuration
   */
  public record PlatformImage(Platform platform, Digest id) {}

  /**
   * How one step went.
   *
   * @param usage of the command that it ran; empty for other steps, and for those that the cache
   *     answered
   */
  public record StepReport(
      StepInfo step, boolean cached, Duration took, Optional<StepUsage> usage) {}

  /** The ID of the only image, or of that for the first platform. */
  public Digest imageId() {
    return images.get(0).id();
  }

  /** Steps that ran, as opposed to those that the cache answered. */
  public long stepsRun() {
    return steps.stream().filter(step -> !step.cached()).count();
  }
}
