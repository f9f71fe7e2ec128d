package io.jbuild.linux.mount;

import io.jbuild.linux.TreePath;
import java.util.Set;
import java.util.TreeSet;

/**
 * A mount and the place where it belongs.
 *
 * @param target below the root file system of the container, resolved inside of that
 * @param flags iterated in the order of {@link MountFlag}
 */
public record MountPoint(Mount mount, TreePath target, Set<MountFlag> flags) {
  public MountPoint {
    flags = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(flags));
  }
}
