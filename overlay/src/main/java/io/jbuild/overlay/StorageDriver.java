package io.jbuild.overlay;

import java.util.Locale;
import java.util.Optional;

/** The ways of making a root filesystem out of layers, the best first. */
public enum StorageDriver {
  /** The kernel's own overlayfs: nothing is copied, nothing but the kernel serves files. */
  OVERLAY,
  /** The same stack, served by the program fuse-overlayfs. */
  FUSE_OVERLAYFS,
  /** A whole copy, and a comparison afterwards: works wherever files can be made. */
  COPY;

  /** The driver of this name. */
  public static Optional<StorageDriver> parse(String name) {
    for (StorageDriver driver : values()) {
      if (driver.toString().equals(name)) {
        return Optional.of(driver);
      }
    }
    return Optional.empty();
  }

  /** As on the command line: {@code fuse-overlayfs}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
