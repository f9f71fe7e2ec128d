package io.jbuild.isolation.cgroup;

import java.time.Duration;

/** How long processes of a group waited for what they lacked, see psi(7) in the kernel's docs. */
public record Pressure(Stall cpu, Stall memory, Stall io) {
  /**
   * Waiting for one resource, in total.
   *
   * @param some while at least one process waited
   * @param full while all of them did
   */
  public record Stall(Duration some, Duration full) {
    public static final Stall NONE = new Stall(Duration.ZERO, Duration.ZERO);
  }
}
