package io.jbuild.registry;

/** A bearer token and the time, on the monotonic clock, from which on it is not worth sending. */
record Token(String value, long staleNanos) {
  boolean isStale(long nowNanos) {
    return nowNanos - staleNanos >= 0;
  }

  @Override
  public String toString() {
    return "token";
  }
}
