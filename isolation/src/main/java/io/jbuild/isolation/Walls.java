package io.jbuild.isolation;

import io.jbuild.isolation.lsm.SecurityLabels;
import io.jbuild.isolation.seccomp.CallProfile;
import io.jbuild.linux.spawn.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * How strongly the command is held back, beyond its namespaces.
 *
 * @param capabilities the bounding, permitted and effective set of a root command; an ordinary user
 *     gets none of them
 * @param noNewPrivileges whether set-user-id programs (sudo) lose their effect
 * @param filterCalls whether a seccomp filter is installed
 * @param profile whose filter that is; empty for our own
 * @param thirtyTwoBit whether our filter lets programs of 32 bits run: i386 on x86_64, ARM on
 *     aarch64
 * @param maskKernelFiles whether dangerous files of /proc and /sys are covered or read-only
 * @param kernelPaths which more, and which not
 * @param anyDevice whether devices of the machine are there and none is refused
 * @param labels what AppArmor and SELinux know the command by
 */
public record Walls(
    Set<Capability> capabilities,
    boolean noNewPrivileges,
    boolean filterCalls,
    Optional<CallProfile> profile,
    boolean thirtyTwoBit,
    boolean maskKernelFiles,
    KernelPaths kernelPaths,
    boolean anyDevice,
    SecurityLabels labels) {
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
          Optional.empty(),
          false,
          true,
          KernelPaths.USUAL,
          false,
          SecurityLabels.USUAL);

  /** No wall but the namespaces: for commands that the user trusts with the machine. */
  public static final Walls INSECURE =
      new Walls(
          EnumSet.allOf(Capability.class),
          false,
          false,
          Optional.empty(),
          true,
          false,
          KernelPaths.USUAL,
          true,
          SecurityLabels.NONE);

  public Walls {
    SortedSet<Capability> copy = new TreeSet<>(capabilities);
    capabilities = Collections.unmodifiableSortedSet(copy);
  }

  public Walls withCapabilities(Set<Capability> newCapabilities) {
    return with(draft -> draft.capabilities = newCapabilities);
  }

  public Walls withNoNewPrivileges(boolean on) {
    return with(draft -> draft.noNewPrivileges = on);
  }

  public Walls withFilteredCalls(boolean on) {
    return with(draft -> draft.filterCalls = on);
  }

  public Walls withProfile(CallProfile newProfile) {
    return with(draft -> draft.profile = Optional.of(newProfile));
  }

  /** For images of the platforms linux/386 and linux/arm. */
  public Walls withThirtyTwoBit(boolean on) {
    return with(draft -> draft.thirtyTwoBit = on);
  }

  public Walls withKernelPaths(KernelPaths paths) {
    return with(draft -> draft.kernelPaths = paths);
  }

  public Walls withLabels(SecurityLabels newLabels) {
    return with(draft -> draft.labels = newLabels);
  }

  private Walls with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new Walls(
        draft.capabilities,
        draft.noNewPrivileges,
        draft.filterCalls,
        draft.profile,
        draft.thirtyTwoBit,
        maskKernelFiles,
        draft.kernelPaths,
        anyDevice,
        draft.labels);
  }

  /** All that can be changed, open to one change. */
  private static final class Draft {
    private Set<Capability> capabilities;
    private boolean noNewPrivileges;
    private boolean filterCalls;
    private Optional<CallProfile> profile;
    private boolean thirtyTwoBit;
    private KernelPaths kernelPaths;
    private SecurityLabels labels;

    Draft(Walls from) {
      capabilities = from.capabilities;
      noNewPrivileges = from.noNewPrivileges;
      filterCalls = from.filterCalls;
      profile = from.profile;
      thirtyTwoBit = from.thirtyTwoBit;
      kernelPaths = from.kernelPaths;
      labels = from.labels;
    }
  }
}
