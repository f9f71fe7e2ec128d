package io.jbuild.isolation.ladder;

import io.jbuild.linux.LinuxException;

/**
 * What the kernel did not let a child do.
 *
 * @param errno 0 where the child was killed
 */
record Refusal(String step, int errno) {
  private static final String NO_USER_NAMESPACE = "needs a user namespace, see there";

  /** What needs one is not to blame for there being none. */
  static Refusal noUserNamespace() {
    return new Refusal(NO_USER_NAMESPACE, 0);
  }

  /** Whether it is this feature that is missing, and not what it needs. */
  boolean itsOwn() {
    return !step.equals(NO_USER_NAMESPACE);
  }

  @Override
  public String toString() {
    return errno == 0 ? step : step + ": " + LinuxException.describe(errno);
  }
}
