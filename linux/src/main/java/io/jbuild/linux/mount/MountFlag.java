package io.jbuild.linux.mount;

import java.util.Set;

/** What a mount forbids or changes, whatever the file system under it says. */
public enum MountFlag {
  READ_ONLY(0x1, "ro"),
  NO_SUID(0x2, "nosuid"),
  NO_DEV(0x4, "nodev"),
  NO_EXEC(0x8, "noexec"),
  NO_ATIME(0x10, "noatime"),
  NO_DIR_ATIME(0x80, "nodiratime"),
  NO_SYMFOLLOW(0x200000, "nosymfollow");

  private final int attribute;
  private final String text;

  MountFlag(int attribute, String text) {
    this.attribute = attribute;
    this.text = text;
  }

  /** The {@code MOUNT_ATTR_…} bit that fsmount(2) and mount_setattr(2) take. */
  public int attribute() {
    return attribute;
  }

  public static int attributes(Set<MountFlag> flags) {
    int bits = 0;
    for (MountFlag flag : flags) {
      bits |= flag.attribute;
    }
    return bits;
  }

  /** As in mount(8): {@code nosuid}. */
  @Override
  public String toString() {
    return text;
  }
}
