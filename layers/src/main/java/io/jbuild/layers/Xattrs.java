package io.jbuild.layers;

import io.jbuild.linux.mount.OverlayMarks;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which extended attributes belong to a layer, and which mean something to the kernel or this host
 * only.
 */
final class Xattrs {
  /** The mark that overlayfs reads here; the other kind's means nothing. */
  static final String OPAQUE = OverlayMarks.ofThisProcess().opaque();

  /** The kernel's XATTR_SIZE_MAX and XATTR_NAME_MAX. */
  static final int LONGEST_VALUE = 65_536;

  static final int LONGEST_NAME = 255;

  private Xattrs() {}

  /**
   * File capabilities, ACLs and the users' own; never labels of this host, nor what steers
   * overlayfs.
   */
  static boolean isPortable(String name) {
    return name.equals("security.capability")
        || name.equals("system.posix_acl_access")
        || name.equals("system.posix_acl_default")
        || (name.startsWith("user.") && !isOverlay(name) && !isRecord(name));
  }

  /** What a store keeps of owners that the kernel refuses; of an image's it means nothing. */
  private static boolean isRecord(String name) {
    return name.startsWith("user.jbuild.");
  }

  /** Doubly escaped names, such as {@code trusted.overlay.overlay.opaque}, included. */
  static boolean isOverlay(String name) {
    return name.startsWith("trusted.overlay.")
        || name.startsWith("user.overlay.")
        || name.startsWith("user.fuseoverlayfs.");
  }

  static boolean isOpaque(SortedMap<String, byte[]> xattrs) {
    byte[] value = xattrs.get(OPAQUE);
    return value != null && value.length == 1 && value[0] == 'y';
  }

  static SortedMap<String, byte[]> portable(SortedMap<String, byte[]> all) {
    SortedMap<String, byte[]> kept = new TreeMap<>(all);
    kept.keySet().removeIf(name -> !isPortable(name));
    return kept;
  }
}
