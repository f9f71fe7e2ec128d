package io.jbuild.builder.step;

import io.jbuild.builder.store.RootTree;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The root of an upper directory: overlayfs shows its attributes as those of the merged root. */
public final class UpperRoot {
  private UpperRoot() {}

  /** Gives a new upper directory the owner, mode and time that the root has below. */
  public static void prepare(RootTree below, Path upper) throws IOException {
    Optional<FileStat> stat = below.view().lookup(TreePath.ROOT);
    if (stat.isPresent()) {
      try (KernelDir dir = KernelDir.open(upper)) {
        dir.setOwner(stat.get().uid(), stat.get().gid());
        dir.setPermissions(stat.get().permissions());
        dir.setTimes(stat.get().modified());
      }
    }
  }
}
