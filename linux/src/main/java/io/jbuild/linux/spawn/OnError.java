package io.jbuild.linux.spawn;

/** Which errors of a step let the program go on. */
public final class OnError {
  /** Any error ends the child. */
  public static final OnError FAIL = new OnError(0);

  /** The step is a courtesy: its outcome does not matter. */
  public static final OnError IGNORE = new OnError(-1);

  private final long mask;

  private OnError(long mask) {
    this.mask = mask;
  }

  /** Goes on after these error numbers only, all of them below 64. */
  public static OnError tolerate(int... errnos) {
    long mask = 0;
    for (int errno : errnos) {
      if (errno <= 0 || errno >= 64) {
        throw new IllegalArgumentException("errno " + errno + " cannot be tolerated by number");
      }
      mask |= 1L << errno;
    }
    return new OnError(mask);
  }

  long mask() {
    return mask;
  }

  boolean accepts(int errno) {
    return mask == -1 || (errno < 64 && (mask >>> errno & 1) != 0);
  }
}
