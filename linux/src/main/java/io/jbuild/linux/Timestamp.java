package io.jbuild.linux;

/** A file's time: seconds since 1970, possibly negative, and nanoseconds after them. */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
  public static final Timestamp EPOCH = new Timestamp(0, 0);

  public Timestamp {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("nanoseconds out of range: " + nanos);
    }
  }

  public static Timestamp ofSeconds(long seconds) {
    return new Timestamp(seconds, 0);
  }

  @Override
  public int compareTo(Timestamp other) {
    int order = Long.compare(seconds, other.seconds);
    return order != 0 ? order : Integer.compare(nanos, other.nanos);
  }

  @Override
  public String toString() {
    return java.time.Instant.ofEpochSecond(seconds, nanos).toString();
  }
}
