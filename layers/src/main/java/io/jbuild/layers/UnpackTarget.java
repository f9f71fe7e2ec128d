package io.jbuild.layers;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarType;
import io.jbuild.linux.TreePath;
import java.util.Optional;

/**
 * What an archive is unpacked as.
 *
 * @param isLayer whether {@code .wh.} names are deletions and the root's attributes count
 * @param directory where its root lies
 * @param owner whose all its files become
 */
record UnpackTarget(boolean isLayer, TreePath directory, Optional<Archives.Owner> owner) {
  static final UnpackTarget LAYER = new UnpackTarget(true, TreePath.ROOT, Optional.empty());

  /** The entry as it is to be made. */
  TarEntry describe(TarEntry entry) {
    if (owner.isEmpty()) {
      return entry;
    }
    TarEntry.Builder changed =
        TarEntry.of(entry.type(), entry.name())
            .permissions(entry.permissions())
            .owner(owner.get().uid(), owner.get().gid())
            .size(entry.size())
            .modified(entry.modified())
            .device(entry.device())
            .xattrs(entry.xattrs());
    if (entry.type() == TarType.SYMLINK || entry.type() == TarType.HARD_LINK) {
      changed.linkTarget(entry.linkTarget());
    }
    return changed.build();
  }
}
