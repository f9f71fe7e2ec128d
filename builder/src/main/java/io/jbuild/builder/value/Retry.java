package io.jbuild.builder.value;

import java.time.Duration;
import java.util.Optional;

/**
 * How often a step that failed is tried again.
 *
 * @param more tries after the first one
 * @param delay between two tries; empty for one second, twice as long each time, at most a minute
 */
public record Retry(int more, Optional<Duration> delay) {
  public static final Retry NEVER = new Retry(0, Optional.empty());

  static final int MOST = 100;
  static final Duration LONGEST_DELAY = Duration.ofHours(1);

  private static final long LONGEST_SECONDS = 60;

  public Retry {
    if (more < 0 || more > MOST) {
      throw new IllegalArgumentException(more + " more tries are out of range: it is 0 to " + MOST);
    }
    if (delay.isPresent()
        && (delay.get().isNegative() || delay.get().compareTo(LONGEST_DELAY) > 0)) {
      throw new IllegalArgumentException(
          "a delay of " + GoDuration.brief(delay.get()) + " is out of range: it is 0 to 1h");
    }
  }

  /** How many tries there are in all. */
  public int tries() {
    return more + 1;
  }

  /**
   * The pause before a try.
   *
   * @param number of the try, 2 for the first that is another one
   */
  public Duration before(int number) {
    int doublings = Math.min(number - 2, Long.SIZE - Long.numberOfLeadingZeros(LONGEST_SECONDS));
    return delay.orElse(Duration.ofSeconds(Math.min(1L << doublings, LONGEST_SECONDS)));
  }
}
