package io.jbuild.isolation.network;

import java.util.OptionalLong;

/**
 * How fast a sandbox's interface is, in bits per second of whole frames.
 *
 * @param in what it receives
 * @param out what it sends
 */
public record Rates(OptionalLong in, OptionalLong out) {
  public static final Rates UNLIMITED = new Rates(OptionalLong.empty(), OptionalLong.empty());

  /** Below it not one packet a second would pass. */
  public static final long LEAST = 8_000;

  /** A terabit; the fastest of today's cards have not quite that. */
  public static final long MOST = 1_000_000_000_000L;

  public Rates {
    in.ifPresent(Rates::check);
    out.ifPresent(Rates::check);
  }

  public boolean isLimited() {
    return in.isPresent() || out.isPresent();
  }

  private static void check(long rate) {
    if (rate < LEAST || rate > MOST) {
      throw new IllegalArgumentException("a rate of " + rate + " bit/s");
    }
  }
}
