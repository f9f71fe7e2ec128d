package io.jbuild.isolation;

/** A range of ids of a user namespace: {@code inside} upwards are {@code outside} upwards. */
public record IdMapping(long inside, long outside, long count) {
  private static final long IDS = 1L << 32;

  public IdMapping {
    if (inside < 0 || outside < 0 || count <= 0 || inside + count > IDS || outside + count > IDS) {
      throw new IllegalArgumentException(
          "id mapping out of range: " + inside + " " + outside + " " + count);
    }
  }

  /** A line of /proc/…/uid_map. */
  @Override
  public String toString() {
    return inside + " " + outside + " " + count;
  }
}
