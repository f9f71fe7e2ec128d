package io.jbuild.builder.value;

import java.time.Duration;
import java.util.Optional;

/**
 * What a step may use, how long it may take, and how often it is tried.
 *
 * @param timeout of one try; empty is the default of the build, zero is none
 */
public record StepLimits(
    ResourceLimits resources, Optional<Duration> timeout, Optional<Retry> retry) {
  public static final StepLimits NONE =
      new StepLimits(ResourceLimits.NONE, Optional.empty(), Optional.empty());

  public StepLimits {
    if (timeout.isPresent() && timeout.get().isNegative()) {
      throw new IllegalArgumentException(
          "a timeout of " + GoDuration.brief(timeout.get()) + " is out of range: it is 0 or more");
    }
  }

  public static StepLimits of(ResourceLimits resources) {
    return NONE.withResources(resources);
  }

  public StepLimits withResources(ResourceLimits newResources) {
    return new StepLimits(newResources, timeout, retry);
  }

  public StepLimits withTimeout(Duration newTimeout) {
    return new StepLimits(resources, Optional.of(newTimeout), retry);
  }

  public StepLimits withRetry(Retry newRetry) {
    return new StepLimits(resources, timeout, Optional.of(newRetry));
  }

  /** These; where one is not given, that of the build. */
  public StepLimits over(StepLimits build) {
    return new StepLimits(
        resources.over(build.resources),
        timeout.or(() -> build.timeout),
        retry.or(() -> build.retry));
  }

  /** How long a try may take; empty without a timeout. */
  public Optional<Duration> patience() {
    return timeout.filter(length -> !length.isZero());
  }

  /** How often it is tried. */
  public Retry tries() {
    return retry.orElse(Retry.NEVER);
  }
}
