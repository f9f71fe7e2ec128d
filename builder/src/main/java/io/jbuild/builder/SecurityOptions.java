package io.jbuild.builder;

import io.jbuild.isolation.KernelPaths;
import io.jbuild.isolation.Walls;
import io.jbuild.isolation.lsm.SecurityLabels;
import io.jbuild.isolation.seccomp.CallProfile;
import io.jbuild.linux.spawn.Capability;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the caller changes about the walls of a sandbox. Nothing in a Buildfile can.
 *
 * @param privileged whether there are none but the namespaces
 * @param added capabilities; all of them for all that jbuild has itself
 * @param dropped capabilities; all of them for none but those that are added
 * @param filterCalls whether there is a filter of system calls
 * @param profile whose filter; empty for our own
 */
public record SecurityOptions(
    boolean privileged,
    Set<Capability> added,
    Set<Capability> dropped,
    boolean noNewPrivileges,
    boolean filterCalls,
    Optional<CallProfile> profile,
    KernelPaths kernelPaths,
    SecurityLabels labels) {
  /** The walls as they are. */
  public static final SecurityOptions NONE =
      new SecurityOptions(
          false,
          Set.of(),
          Set.of(),
          false,
          true,
          Optional.empty(),
          KernelPaths.USUAL,
          SecurityLabels.USUAL);

  private static final Set<Capability> ALL =
      Collections.unmodifiableSet(EnumSet.allOf(Capability.class));

  public SecurityOptions {
    SortedSet<Capability> more = new TreeSet<>(added);
    SortedSet<Capability> fewer = new TreeSet<>(dropped);
    added = Collections.unmodifiableSortedSet(more);
    dropped = Collections.unmodifiableSortedSet(fewer);
  }

  /**
   * The walls of one sandbox.
   *
   * @throws UserException where a capability is asked for that jbuild does not have itself
   */
  public Walls on(Walls usual) throws IOException, UserException {
    Walls walls = privileged ? Walls.INSECURE.withThirtyTwoBit(usual.thirtyTwoBit()) : usual;
    walls =
        walls
            .withCapabilities(capabilities(walls.capabilities()))
            .withNoNewPrivileges(noNewPrivileges)
            .withFilteredCalls(walls.filterCalls() && filterCalls)
            .withKernelPaths(kernelPaths);
    if (profile.isPresent()) {
      walls = walls.withFilteredCalls(true).withProfile(profile.get());
    }
    return labels.equals(SecurityLabels.USUAL) ? walls : walls.withLabels(labels);
  }

  private Set<Capability> capabilities(Set<Capability> usual) throws IOException, UserException {
    if (added.isEmpty() && dropped.isEmpty()) {
      return usual;
    }
    Set<Capability> held = Capability.held();
    Set<Capability> kept = EnumSet.noneOf(Capability.class);
    kept.addAll(added.equals(ALL) || usual.equals(ALL) ? held : usual);
    kept.removeAll(dropped);
    if (!added.equals(ALL)) {
      for (Capability capability : added) {
        if (!held.contains(capability)) {
          throw new UserException(
              "cannot give " + capability + " to a command: jbuild does not have it itself");
        }
      }
      kept.addAll(added);
    }
    return kept;
  }

  /** As a part of a step's key: empty where nothing is changed. */
  public String keyText() {
    return equals(NONE)
        ? ""
        : " "
            + added
            + dropped
            + noNewPrivileges
            + filterCalls
            + profile.map(CallProfile::digest)
            + kernelPaths
            + labels;
  }
}
