package io.jbuild.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to try again, as data: exponential waits with full jitter, at least as long as the registry
 * asked for, within a total.
 *
 * @param retries attempts after the first one
 * @param first the longest wait before the first retry; it doubles with each one
 * @param longest where the doubling stops
 * @param total no wait begins that would end later than this after the first attempt began
 */
public record RetryPolicy(int retries, Duration first, Duration longest, Duration total) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMinutes(5));
  public static final RetryPolicy NONE =
      new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  private static final int MAX_DOUBLINGS = 30;

  /** With the default waits at most a second and a half of them. */
  private static final int UNREACHABLE_RETRIES = 2;

  public RetryPolicy {
    boolean negative = first.isNegative() || longest.isNegative() || total.isNegative();
    if (retries < 0 || negative) {
      throw new IllegalArgumentException("negative retry policy");
    }
  }

  /** For a server to which there is no connection: a person waits for the answer. */
  RetryPolicy unreachable() {
    return new RetryPolicy(Math.min(retries, UNREACHABLE_RETRIES), first, longest, total);
  }

  /** What to do after a failure. */
  sealed interface Decision {}

  record Wait(Duration time) implements Decision {}

  record GiveUp(String why) implements Decision {}

  /**
   * Decides after the {@code failures}-th failure in a row.
   *
   * @param asked what the registry said in Retry-After
   * @param elapsed since the first attempt began
   */
  Decision decide(
      int failures, Optional<Duration> asked, Duration elapsed, RandomGenerator random) {
    if (failures > retries) {
      return new GiveUp(retries == 0 ? "" : "gave up after " + (retries + 1) + " attempts");
    }
    Duration wait = asked.orElse(Duration.ZERO).plus(jitter(failures, random));
    if (elapsed.plus(wait).compareTo(total) > 0) {
      return new GiveUp(
          asked.isPresent()
              ? "the registry asks to wait " + asked.get().toSeconds() + " s, which is too long"
              : "gave up after " + elapsed.toSeconds() + " s");
    }
    return new Wait(wait);
  }

  private Duration jitter(int failures, RandomGenerator random) {
    long factor = 1L << Math.min(failures - 1, MAX_DOUBLINGS);
    long ceiling = Math.min(first.toMillis() * factor, longest.toMillis());
    return ceiling <= 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(ceiling + 1));
  }
}
