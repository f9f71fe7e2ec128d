package io.jbuild.layers;

import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.Optional;

/** The directories of the layers below the one that is being made. */
@FunctionalInterface
public interface LowerView {
  /** No layers below. */
  LowerView NOTHING = path -> Optional.empty();

  /**
   * The directory at this very path, no symlink followed; empty where there is none, or something
   * else.
   */
  Optional<Attributes> lookup(TreePath path) throws IOException;

  /**
   * The target of the symlink at this very path; empty where there is none. Whoever unpacks an
   * archive on top of other layers follows them.
   */
  default Optional<byte[]> link(TreePath path) throws IOException {
    return Optional.empty();
  }
}
