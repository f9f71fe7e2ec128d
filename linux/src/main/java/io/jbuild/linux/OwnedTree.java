package io.jbuild.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Opens the trees of layers, whose files may belong to users that this process cannot give a file
 * to.
 *
 * <p>Where root is the only user that there is ({@link UserNamespace#mapsOnlyRoot}), every file is
 * root's for the kernel, and the owner that it is to have in an image is recorded beside it, see
 * {@link RecordedDir}. Elsewhere such a tree is a directory like any other.
 */
public final class OwnedTree {
  private OwnedTree() {}

  /** Whether this process records owners instead of setting them. */
  public static boolean recordsOwners() {
    return Holder.RECORDS;
  }

  /** The tree at a directory, with the owners that its files are to have. The caller closes it. */
  public static Dir open(Path tree) throws IOException {
    return recordsOwners() ? openRecorded(tree) : KernelDir.open(tree);
  }

  /** As {@link #open} where owners are recorded. */
  static Dir openRecorded(Path tree) throws IOException {
    OwnerTable table = OwnerTable.of(tree.resolveSibling(OwnerTable.FILE));
    return new RecordedDir(KernelDir.open(tree), TreePath.ROOT, table);
  }

  private static final class Holder {
    static final boolean RECORDS = find();

    private static boolean find() {
      try {
        return UserNamespace.current().mapsOnlyRoot();
      } catch (IOException e) {
        throw new UncheckedIOException("look at /proc/self", e);
      }
    }
  }
}
