package io.jbuild.overlay;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.mount.OverlayMarks;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How overlayfs writes deletions into a layer directory.
 *
 * <p>One difference to the kernel is wanted. A whiteout with nothing below it, in a directory that
 * only one layer has, is listed by overlayfs as a name that cannot be found; here it is not there.
 * With an empty attribute {@code origin} on such a directory overlayfs hides it as well.
 *
 * @see <a
 *     href="https://docs.kernel.org/filesystems/overlayfs.html#whiteouts-and-opaque-directories">
 *     overlayfs: whiteouts and opaque directories</a>
 */
final class OverlayFormat {
  static final String PREFIX = OverlayMarks.ofThisProcess().prefix();
  static final String OPAQUE = OverlayMarks.ofThisProcess().opaque();
  private static final List<String> MARKS =
      List.of("trusted.overlay.", "user.overlay.", "user.fuseoverlayfs.", "user.jbuild.");
  private static final byte[] YES = {'y'};

  private OverlayFormat() {}

  /** A whiteout hides its name in all layers below, and is not there itself. */
  static boolean isWhiteout(FileStat stat) {
    return stat.type() == FileType.CHARACTER_DEVICE
        && stat.rdev().major() == 0
        && stat.rdev().minor() == 0;
  }

  static void makeWhiteout(Dir dir, Name name) throws IOException {
    dir.makeNode(name, FileType.CHARACTER_DEVICE, 0, DeviceNumber.NONE);
  }

  static void makeOpaque(Dir dir) throws IOException {
    dir.setXattr(OPAQUE, YES);
  }

  /** An opaque directory hides the directories of that path in all layers below. */
  static boolean isOpaque(Map<String, byte[]> xattrs) {
    return Arrays.equals(xattrs.get(OPAQUE), YES);
  }

  /** Whether an attribute steers overlayfs, of whichever kind, or fuse-overlayfs. */
  static boolean isMark(String attribute) {
    return MARKS.stream().anyMatch(attribute::startsWith);
  }

  /**
   * The attributes that go with a file into a copy of it: none of this host's labels, and none that
   * would steer overlayfs or fuse-overlayfs.
   */
  static SortedMap<String, byte[]> portable(SortedMap<String, byte[]> xattrs) {
    if (xattrs.isEmpty()) {
      return xattrs;
    }
    SortedMap<String, byte[]> portable = new TreeMap<>(xattrs);
    portable
        .keySet()
        .removeIf(
            key ->
                isMark(key) || (key.startsWith("security.") && !key.equals("security.capability")));
    return portable;
  }

  /** The attributes that a user of the merged tree sees: overlayfs keeps its own to itself. */
  static SortedMap<String, byte[]> visible(SortedMap<String, byte[]> xattrs) {
    if (xattrs.keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return xattrs;
    }
    SortedMap<String, byte[]> visible = new TreeMap<>(xattrs);
    visible.keySet().removeIf(key -> key.startsWith(PREFIX));
    return visible;
  }
}
