package io.jbuild.isolation;

import io.jbuild.linux.spawn.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How strongly the command is held back, beyond its namespaces.
 *
 * @param capabilities the bounding, permitted and effective set of a root command; an ordinary user
 *     gets none of them
 * @param noNewPrivileges whether set-user-id programs (sudo) lose their effect
 * @param filterCalls whether the seccomp filter is installed
 * @param thirtyTwoBit whether the filter lets i386 programs run on x86_64
 * @param maskKernelFiles whether dangerous files of /proc and /sys are covered or read-only
 */
public record Walls(
    Set<Capability> capabilities,
    boolean noNewPrivileges,
    boolean filterCalls,
    boolean thirtyTwoBit,
    boolean maskKernelFiles) {
  /** What package managers need, and no more. */
  public static final Walls DEFAULT =
      new Walls(
          EnumSet.of(
              Capability.CHOWN,
              Capability.DAC_OVERRIDE,
              Capability.FOWNER,
              Capability.FSETID,
              Capability.KILL,
              Capability.NET_BIND_SERVICE,
              Capability.SETFCAP,
              Capability.SETGID,
              Capability.SETPCAP,
              Capability.SETUID,
              Capability.SYS_CHROOT),
          false,
          true,
          false,
          true);

  /** No wall but the namespaces: for commands that the user trusts with the machine. */
  public static final Walls INSECURE =
      new Walls(EnumSet.allOf(Capability.class), false, false, true, false);

  public Walls {
    SortedSet<Capability> copy = new TreeSet<>(capabilities);
    capabilities = Collections.unmodifiableSortedSet(copy);
  }

  public Walls withCapabilities(Set<Capability> newCapabilities) {
    return new Walls(newCapabilities, noNewPrivileges, filterCalls, thirtyTwoBit, maskKernelFiles);
  }

  public Walls withNoNewPrivileges(boolean on) {
    return new Walls(capabilities, on, filterCalls, thirtyTwoBit, maskKernelFiles);
  }

  /** For images of the platform linux/386. */
  public Walls withThirtyTwoBit(boolean on) {
    return new Walls(capabilities, noNewPrivileges, filterCalls, on, maskKernelFiles);
  }
}
