package io.jbuild.linux;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Opens the trees of layers, whose files may belong to users that this process cannot give a file
 * to.
 */
public final class OwnedTree {
  private OwnedTree() {}

  /** The tree at a directory, with the owners that its files are to have. The caller closes it. */
  public static Dir open(Path tree) throws IOException {
    return KernelDir.open(tree);
  }
}
