package io.jbuild.linux;

/**
 * What statx(2) tells of a file itself, never of what a symlink points to.
 *
 * @param permissions the lower twelve bits of the mode, {@code 07777}
 * @param uid an unsigned 32-bit number
 * @param size bytes of a regular file; the target's length for a symlink
 * @param device the file system that holds the file; with {@code inode} its identity
 * @param rdev the device that a device node stands for, else {@link DeviceNumber#NONE}
 */
public record FileStat(
    FileType type,
    int permissions,
    long uid,
    long gid,
    long size,
    Timestamp modified,
    Timestamp changed,
    long inode,
    DeviceNumber device,
    long linkCount,
    DeviceNumber rdev) {

  public FileStat {
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException(
          "permissions out of range: 0" + Integer.toOctalString(permissions));
    }
  }

  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  public boolean isRegular() {
    return type == FileType.REGULAR;
  }

  public boolean isSymlink() {
    return type == FileType.SYMLINK;
  }

  /** Whether both describe one and the same file: inode and file system are equal. */
  public boolean isSameFile(FileStat other) {
    return inode == other.inode && device.equals(other.device);
  }
}
