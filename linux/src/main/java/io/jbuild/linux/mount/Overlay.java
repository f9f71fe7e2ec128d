package io.jbuild.linux.mount;

import io.jbuild.linux.PathBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Layers stacked by overlayfs. Without an upper directory the result is read-only.
 *
 * @param lowers the read-only layers, top first, at most {@value #MAX_LOWERS}, none of them twice;
 *     at least one, and at least two without an upper directory (an empty directory will do)
 * @param upper the directory that takes the changes
 * @param work an empty directory on the upper's file system, present exactly when the upper is
 * @param discardable whether the upper is thrown away after a crash, so that overlayfs need not
 *     sync ({@code volatile}); the kernel refuses to mount such an upper again after a crash
 */
public record Overlay(
    List<Path> lowers, Optional<Path> upper, Optional<Path> work, boolean discardable)
    implements Filesystem {
  /** OVL_MAX_STACK: with 501 the kernel answers EINVAL. */
  public static final int MAX_LOWERS = 500;

  public Overlay {
    lowers = List.copyOf(lowers);
    if (lowers.isEmpty() || lowers.size() > MAX_LOWERS) {
      throw new IllegalArgumentException(
          "overlay takes 1 to " + MAX_LOWERS + " lower directories, not " + lowers.size());
    }
    if (upper.isPresent() != work.isPresent()) {
      throw new IllegalArgumentException("overlay takes an upper and a work directory, or neither");
    }
    if (upper.isEmpty() && lowers.size() < 2) {
      throw new IllegalArgumentException(
          "overlay without an upper directory takes at least two lower directories");
    }
    if (Set.copyOf(lowers).size() < lowers.size()) {
      throw new IllegalArgumentException("overlay takes each lower directory once");
    }
    if (discardable && upper.isEmpty()) {
      throw new IllegalArgumentException(
          "overlay without an upper directory has nothing to discard");
    }
  }

  /** A read-only stack. */
  public static Overlay readOnly(List<Path> lowers) {
    return new Overlay(lowers, Optional.empty(), Optional.empty(), false);
  }

  /** A stack that takes changes. */
  public static Overlay writable(List<Path> lowers, Path upper, Path work, boolean discardable) {
    return new Overlay(lowers, Optional.of(upper), Optional.of(work), discardable);
  }

  @Override
  public String type() {
    return "overlay";
  }

  /**
   * One {@code lowerdir+} per layer. The features that would make an upper directory depend on its
   * lowers (redirects, metadata-only copies, the index) are off, whatever the kernel's defaults
   * are: an upper directory becomes a layer, and an image may not bring such attributes along.
   */
  @Override
  public List<MountOption> options() {
    List<MountOption> options = new ArrayList<>(features());
    lowers.forEach(lower -> options.add(new MountOption.Text("lowerdir+", PathBytes.of(lower))));
    upper.ifPresent(path -> options.add(new MountOption.Text("upperdir", PathBytes.of(path))));
    work.ifPresent(path -> options.add(new MountOption.Text("workdir", PathBytes.of(path))));
    return List.copyOf(options);
  }

  /** The options that are not directories. */
  List<MountOption> features() {
    List<MountOption> options = new ArrayList<>();
    boolean user = OverlayMarks.ofThisProcess() == OverlayMarks.USER;
    // With "off" redirects may still be followed, which userxattr forbids.
    options.add(new MountOption.Text("redirect_dir", user ? "nofollow" : "off"));
    options.add(new MountOption.Text("metacopy", "off"));
    options.add(new MountOption.Text("index", "off"));
    if (discardable) {
      options.add(new MountOption.Flag("volatile"));
    }
    if (user) {
      options.add(new MountOption.Flag("userxattr"));
    }
    return options;
  }

  @Override
  public boolean showsNamespaces() {
    return false;
  }
}
