package io.jbuild.builder.step;

import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.layers.Attributes;
import io.jbuild.layers.LayerSummary;
import io.jbuild.layers.LayerWriter;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory that an image does not have yet.
 *
 * @param path links are not followed any more
 * @param origin the instruction that needs it, for errors
 */
record MissingDirectory(TreeView below, TreePath path, Origin origin) {
  /** The directory that a path leads to, if it is not there. */
  static Optional<MissingDirectory> find(TreeView below, TreePath path, Origin origin)
      throws IOException, BuildfileException {
    TreeView.Resolved found = below.resolve(path);
    if (found.stat().isPresent()) {
      requireDirectory(found.stat().get(), path, origin);
      return Optional.empty();
    }
    return Optional.of(new MissingDirectory(below, found.path(), origin));
  }

  /**
   * Writes it into the directory of a layer, with all that are above it.
   *
   * @param made for those that are missing
   */
  LayerSummary write(Path layer, Attributes made) throws IOException, BuildfileException {
    try (Dir root = OwnedTree.open(layer);
        LayerWriter writer = new LayerWriter(root)) {
      TreePath each = TreePath.ROOT;
      for (Name name : path.names()) {
        each = each.resolve(name);
        Optional<FileStat> stat = below.lookup(each);
        if (stat.isPresent()) {
          requireDirectory(stat.get(), each, origin);
          writer.directory(each, Attributes.of(stat.get(), below.xattrs(each)));
        } else {
          writer.directory(each, made);
        }
      }
      return writer.finish();
    }
  }

  private static void requireDirectory(FileStat stat, TreePath path, Origin origin)
      throws BuildfileException {
    if (stat.type() != FileType.DIRECTORY) {
      throw origin.error(path + " is not a directory in the image");
    }
  }
}
