package io.jbuild.isolation.cgroup;

import io.jbuild.linux.FileType;
import java.util.List;
import java.util.OptionalInt;

/**
 * A use of devices that a group allows.
 *
 * @param minor empty for all devices of the major number
 * @param access any of r, w and m (make the node)
 */
public record DeviceRule(FileType type, int major, OptionalInt minor, String access) {
  /** null zero full random urandom tty console ptmx, and the terminals of our own devpts. */
  static final List<DeviceRule> ALWAYS =
      List.of(
          open(1, OptionalInt.of(3)),
          open(1, OptionalInt.of(5)),
          open(1, OptionalInt.of(7)),
          open(1, OptionalInt.of(8)),
          open(1, OptionalInt.of(9)),
          open(5, OptionalInt.of(0)),
          open(5, OptionalInt.of(1)),
          open(5, OptionalInt.of(2)),
          open(136, OptionalInt.empty()));

  public DeviceRule {
    if (!type.isDevice() || !access.matches("r?w?m?") || access.isEmpty()) {
      throw new IllegalArgumentException("access \"" + access + "\" to a " + type);
    }
  }

  private static DeviceRule open(int major, OptionalInt minor) {
    return new DeviceRule(FileType.CHARACTER_DEVICE, major, minor, "rwm");
  }

  /** The line for a version 1 group's list: {@code c 136:* rwm}. */
  @Override
  public String toString() {
    String letter = type == FileType.BLOCK_DEVICE ? "b " : "c ";
    String number = minor.isPresent() ? Integer.toString(minor.getAsInt()) : "*";
    return letter + major + ":" + number + " " + access;
  }
}
