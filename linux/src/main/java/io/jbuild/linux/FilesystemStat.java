package io.jbuild.linux;

import java.nio.ByteBuffer;

/**
 * A file system's kind and room, as statfs(2) tells.
 *
 * @param magic the number of its type in {@code linux/magic.h}
 * @param blockSize the unit of the three block counts, in bytes
 * @param availableBlocks free for users who are not root
 * @param flags of the mount, {@code ST_NOEXEC} and so on in statvfs(3)
 */
public record FilesystemStat(
    long magic,
    long blockSize,
    long blocks,
    long freeBlocks,
    long availableBlocks,
    long inodes,
    long freeInodes,
    long flags) {

  public static final long EXT4 = 0xef53;
  public static final long XFS = 0x58465342;
  public static final long BTRFS = 0x9123683eL;
  public static final long TMPFS = 0x01021994;
  public static final long OVERLAY = 0x794c7630;
  public static final long NFS = 0x6969;
  public static final long PROC = 0x9fa0;

  static FilesystemStat parse(ByteBuffer data) {
    return new FilesystemStat(
        data.getLong(0) & 0xffffffffL,
        data.getLong(8),
        data.getLong(16),
        data.getLong(24),
        data.getLong(32),
        data.getLong(40),
        data.getLong(48),
        data.getLong(80));
  }
}
