package io.jbuild.overlay;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.mount.Filesystem;
import io.jbuild.linux.mount.Overlay;
import io.jbuild.linux.mount.Tmpfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Layer directories in the order in which overlayfs is to stack them, the topmost first.
 *
 * <p>Three things are done to the list of an image's layers, none of which changes the merged tree:
 * of a layer that occurs twice the topmost occurrence stays (overlayfs refuses the same directory
 * twice, and what the lower occurrence holds is hidden by the upper one, name by name); layers
 * below one whose root is opaque are left out (overlayfs ignores the mark on a root); an empty
 * directory is added where overlayfs wants one more than there is.
 */
public final class OverlayStack {
  private final List<Path> lowers;
  private final Path empty;

  private OverlayStack(List<Path> lowers, Path empty) {
    this.lowers = List.copyOf(lowers);
    this.empty = empty;
  }

  /**
   * @param layers top first, each an absolute path; possibly none
   * @param empty an empty directory of mode 0755
   * @throws TooManyLayersException when more than overlayfs can stack are left
   */
  public static OverlayStack of(List<Path> layers, Path empty) throws IOException {
    Set<Path> unique = new LinkedHashSet<>();
    for (Path layer : layers) {
      if (unique.add(layer.normalize()) && isOpaque(layer)) {
        break;
      }
    }
    if (unique.size() > Overlay.MAX_LOWERS) {
      throw new TooManyLayersException(unique.size());
    }
    return new OverlayStack(new ArrayList<>(unique), empty);
  }

  private static boolean isOpaque(Path layer) throws IOException {
    try (KernelDir root = KernelDir.open(layer)) {
      return OverlayFormat.isOpaque(root.xattrs());
    }
  }

  /** The layers that take part, top first. */
  public List<Path> layers() {
    return lowers;
  }

  /**
   * The stack to look at, to be mounted with {@link io.jbuild.linux.mount.MountFlag#READ_ONLY}.
   * Without an upper directory overlayfs asks for two lower ones; a stack of none is an empty file
   * system in memory.
   */
  public Filesystem readOnly() {
    if (lowers.isEmpty()) {
      return Tmpfs.ofBytes(4096, 0755);
    }
    List<Path> two = new ArrayList<>(lowers);
    if (two.size() == 1) {
      two.add(empty);
    }
    return Overlay.readOnly(two);
  }

  /** The stack with a directory that takes the changes, see {@link Overlay}. */
  public Overlay writable(Path upper, Path work, boolean discardable) {
    return Overlay.writable(lowers.isEmpty() ? List.of(empty) : lowers, upper, work, discardable);
  }
}
