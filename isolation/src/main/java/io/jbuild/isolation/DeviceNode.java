package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.DeviceRule;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileType;
import io.jbuild.linux.TreePath;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A device or pipe in the sandbox's /dev, beyond those that every sandbox has.
 *
 * @param path below /dev
 * @param permissions the lower nine bits of the mode
 * @param access what the control group allows: any of r, w and m, or nothing
 */
public record DeviceNode(
    TreePath path,
    FileType type,
    DeviceNumber number,
    int permissions,
    long uid,
    long gid,
    String access) {
  private static final TreePath DEV = TreePath.parse("/dev");
  private static final Set<String> TAKEN =
      Set.of(
          "null", "zero", "full", "random", "urandom", "tty", "fd", "stdin", "stdout", "stderr",
          "ptmx", "pts", "shm", "mqueue");

  public DeviceNode {
    if (!isPlace(path)) {
      throw new IllegalArgumentException("no place for a device: " + path);
    }
    if (!type.isDevice() && type != FileType.FIFO) {
      throw new IllegalArgumentException(path + " cannot be a " + type);
    }
    if ((permissions & ~0777) != 0 || !access.matches("r?w?m?")) {
      throw new IllegalArgumentException(
          path + " with mode 0" + Integer.toOctalString(permissions) + ", access " + access);
    }
  }

  /** One that everybody may use. */
  public static DeviceNode open(String path, FileType type, int major, int minor) {
    DeviceNumber number = new DeviceNumber(major, minor);
    return new DeviceNode(TreePath.parse(path), type, number, 0666, 0, 0, "rwm");
  }

  /** Whether a node can be made there: below /dev, and not what every sandbox has there. */
  public static boolean isPlace(TreePath path) {
    return path.startsWith(DEV)
        && path.depth() > 1
        && !TAKEN.contains(path.names().get(1).toString());
  }

  /**
   * What the control group allows; nothing for a pipe. It always allows to make the node, which the
   * set-up does in the group; the command lacks the capability for it.
   */
  Optional<DeviceRule> rule() {
    return type.isDevice()
        ? Optional.of(
            new DeviceRule(
                type,
                number.major(),
                OptionalInt.of(number.minor()),
                access.replace("m", "") + "m"))
        : Optional.empty();
  }
}
