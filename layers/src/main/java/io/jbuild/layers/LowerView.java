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
}
