package io.jbuild.builder;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a build made.
 *
 * @param imageId the digest of the image's configuration, as {@code --iidfile} writes it
 * @param manifest the manifest that an output made; empty when nothing needed one
 * @param names the tags that now name the image
 * @param steps in the order of the Buildfile
 */
public record BuildResult(
    Digest imageId, Optional<Descriptor> manifest, List<Reference> names, List<StepReport> steps) {
  public BuildResult {
    names = List.copyOf(names);
    steps = List.copyOf(steps);
  }

  /** How one step went. */
  public record StepReport(StepInfo step, boolean cached, Duration took) {}

  /** Steps that ran, as opposed to those that the cache answered. */
  public long stepsRun() {
    return steps.stream().filter(step -> !step.cached()).count();
  }
}
