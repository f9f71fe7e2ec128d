package io.jbuild.isolation.ladder;

import io.jbuild.linux.LinuxException;

/**
 * What the kernel did not let a child do.
 *
 * @param errno 0 where the child was killed
 */
record Refusal(String step, int errno) {
  @Override
  public String toString() {
    return errno == 0 ? step : step + ": " + LinuxException.describe(errno);
  }
}
