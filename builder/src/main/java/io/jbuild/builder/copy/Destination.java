package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.layers.Attributes;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The image's tree as it will be: what is planned so far, over what is below. */
final class Destination {
  private final TreeView below;
  private final Target root;

  Destination(TreeView below) throws IOException {
    this.below = below;
    FileStat stat = below.lookup(TreePath.ROOT).orElseThrow();
    this.root = Target.existing(Attributes.of(stat, below.xattrs(TreePath.ROOT)));
  }

  Target root() {
    return root;
  }

  TreeView below() {
    return below;
  }

  /** What is at a path without links above it, planned or below. */
  Optional<FileType> typeAt(TreePath path) throws IOException {
    Target target = root;
    for (Name name : path.names()) {
      if (!target.isDirectory()) {
        return Optional.empty();
      }
      Target child = target.children().get(name);
      if (child == null) {
        return target.isBelow() ? below.lookup(path).map(FileStat::type) : Optional.empty();
      }
      target = child;
    }
    return Optional.of(target.isDirectory() ? FileType.DIRECTORY : target.item().stat().type());
  }

  /** Whether an entry of a planned directory is a link of the image, not a planned one. */
  boolean isLinkBelow(Target parent, TreePath path) throws IOException {
    return parent.isBelow()
        && !parent.children().containsKey(path.name())
        && below.lookup(path).filter(FileStat::isSymlink).isPresent();
  }

  /** What is planned at a path. */
  Optional<Target> planned(TreePath path) {
    @Nullable Target target = root;
    for (Name name : path.names()) {
      target = target == null ? null : target.children().get(name);
    }
    return Optional.ofNullable(target);
  }

  /**
   * The directory at a path without links in it, made with all that are missing above.
   *
   * @param made for those that are missing
   */
  Target directory(TreePath path, Attributes made) throws IOException, UserException {
    Target target = root;
    for (int i = 0; i < path.depth(); i++) {
      Target known = target.children().get(path.names().get(i));
      target =
          known != null && known.isDirectory()
              ? known
              : child(target, TreePath.of(path.names().subList(0, i + 1)), made);
    }
    return target;
  }

  /** The directory at {@code path} in a planned one, made where it is missing. */
  Target child(Target parent, TreePath path, Attributes made) throws IOException, UserException {
    Target planned = parent.children().get(path.name());
    if (planned != null) {
      if (!planned.isDirectory()) {
        throw notDirectory(path, planned.item().stat().type());
      }
      return planned;
    }
    Optional<FileStat> there = parent.isBelow() ? below.lookup(path) : Optional.empty();
    if (there.isPresent() && !there.get().isDirectory()) {
      throw notDirectory(path, there.get().type());
    }
    Target directory =
        there.isPresent()
            ? Target.existing(Attributes.of(there.get(), below.xattrs(path)))
            : Target.directory(made);
    parent.children().put(path.name(), directory);
    return directory;
  }

  static UserException notDirectory(TreePath path, FileType type) {
    return new UserException(
        "cannot copy into \"" + path + "\": it is a " + type + " in the image, not a directory");
  }

  /** Puts an item that is no directory, over whatever is there but a directory. */
  void put(TreePath path, Item item, Attributes attributes, Attributes made)
      throws IOException, UserException {
    Target parent = directory(path.parent().orElse(TreePath.ROOT), made);
    put(parent, path, item, attributes);
  }

  void put(Target parent, TreePath path, Item item, Attributes attributes)
      throws IOException, UserException {
    Target planned = parent.children().get(path.name());
    boolean directory =
        planned == null
            ? parent.isBelow() && below.lookup(path).filter(FileStat::isDirectory).isPresent()
            : planned.isDirectory();
    if (directory) {
      throw new UserException(
          "cannot copy the "
              + item.stat().type()
              + " \""
              + item.path
              + "\" to \""
              + path
              + "\": it is a directory in the image");
    }
    parent.children().put(path.name(), Target.leaf(item, attributes));
  }
}
