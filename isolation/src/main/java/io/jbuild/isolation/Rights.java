package io.jbuild.isolation;

import io.jbuild.linux.FileType;
import io.jbuild.linux.UserNamespace;
import io.jbuild.linux.UserNamespace.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel allows to a sandbox: everything in the machine's own user namespace, less in any
 * other, whether that is the sandbox's or jbuild's.
 *
 * @param groups the groups that exist
 * @param setsGroups whether a process may change its further groups
 */
record Rights(boolean inUserNamespace, UserNamespace here, List<Range> groups, boolean setsGroups) {
  private static final long HIGHEST_PING_GROUP = Integer.MAX_VALUE;

  Rights {
    groups = List.copyOf(groups);
  }

  static Rights of(SandboxSpec spec) throws IOException {
    UserNamespace here = UserNamespace.current();
    if (spec.userNamespace().isPresent()) {
      List<Range> groups =
          spec.userNamespace().get().groups().stream()
              .map(m -> new Range(m.inside(), m.outside(), m.count()))
              .toList();
      return new Rights(true, here, groups, setgroups());
    }
    return new Rights(!here.isInitial(), here, here.gids(), setgroups());
  }

  /** A user who has mapped their own id alone had to give this right up. */
  private static boolean setgroups() throws IOException {
    try {
      return !Files.readString(Path.of("/proc/self/setgroups")).startsWith("deny");
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  boolean mapsGid(long gid) {
    return groups.stream().anyMatch(range -> range.holds(gid));
  }

  /** The kernel refuses a range of groups with an end that does not exist. */
  long highestGid() {
    long highest = groups.stream().mapToLong(r -> r.inside() + r.count() - 1).max().orElse(0);
    return Math.min(highest, HIGHEST_PING_GROUP);
  }

  /** A file system of its own would show a network that this user namespace does not own. */
  boolean sysIsHosts(SandboxSpec spec) {
    return inUserNamespace && !spec.network().isOwn();
  }

  /** A user of the image may have a number that this machine gave to nobody. */
  void requireIds(User user) throws IOException {
    Optional<String> unmapped = here.unmapped(user.uid(), user.gid());
    if (unmapped.isPresent()) {
      throw new IOException(
          "cannot run as " + user.uid() + ":" + user.gid() + ": " + unmapped.get());
    }
  }

  /**
   * The devices that can be had: in a user namespace those that the machine's /dev has by the same
   * name. What was asked for by name has to be there.
   */
  List<DeviceNode> usable(List<DeviceNode> all, List<DeviceNode> wanted) throws IOException {
    if (!inUserNamespace) {
      return all;
    }
    for (DeviceNode device : wanted) {
      if (!isOnHost(device)) {
        throw new IOException(
            "cannot give the device "
                + device.path()
                + " to the sandbox: in a user namespace devices are those of the machine's /dev,"
                + " by the same name");
      }
    }
    return all.stream().filter(Rights::isOnHost).toList();
  }

  private static boolean isOnHost(DeviceNode device) {
    return device.type() == FileType.FIFO || Files.exists(Path.of(device.path().toString()));
  }
}
