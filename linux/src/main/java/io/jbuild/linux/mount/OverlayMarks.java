package io.jbuild.linux.mount;

import io.jbuild.linux.UserNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Which extended attributes overlayfs keeps its marks in. It reads those of one kind only, so a
 * layer's directory is good for mounts of the kind that it was made for.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html#user-xattr">overlayfs: user
 *     xattr</a>
 */
public enum OverlayMarks {
  /** {@code trusted.overlay.…}, which nobody but the machine's root sees. */
  TRUSTED("trusted.overlay."),
  /** {@code user.overlay.…}: all that a user namespace allows (mount option {@code userxattr}). */
  USER("user.overlay.");

  private final String prefix;

  OverlayMarks(String prefix) {
    this.prefix = prefix;
  }

  /** What the names of all marks begin with. */
  public String prefix() {
    return prefix;
  }

  /** The attribute of a directory, of value {@code y}, that hides those of its name below. */
  public String opaque() {
    return prefix + "opaque";
  }

  /** The kind for all mounts and layers of this process. */
  public static OverlayMarks ofThisProcess() {
    return Holder.MARKS;
  }

  private static final class Holder {
    static final OverlayMarks MARKS = find();

    private static OverlayMarks find() {
      try {
        return UserNamespace.current().isInitial() ? TRUSTED : USER;
      } catch (IOException e) {
        throw new UncheckedIOException("look at /proc/self", e);
      }
    }
  }
}
