package io.jbuild.builder.copy;

import io.jbuild.builder.context.ContentDigest;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A file, directory or link that was selected. What stat does not tell of it (content, link target,
 * extended attributes) is filled in by {@link ContentReader}, once.
 */
final class Item {
  /**
   * One file under several names.
   *
   * @param within names of one file are links of each other where this is the same
   */
  record Identity(Object within, DeviceNumber device, long inode) {}

  final @Nullable SourceTree tree;
  final TreePath path;
  final List<Item> children;
  private final @Nullable Identity identity;
  private FileStat stat;
  private byte @Nullable [] inline;
  private byte @Nullable [] linkTarget;
  private @Nullable ContentDigest digest;
  private boolean settled;
  private int fetchedPermissions = -1;
  private @Nullable Timestamp fetchedTime;
  private SortedMap<String, byte[]> xattrs = Collections.emptySortedMap();

  Item(SourceTree tree, TreePath path, FileStat stat) {
    this(tree, path, stat, tree);
  }

  /**
   * A file of a tree.
   *
   * @param within see {@link Identity}
   */
  Item(SourceTree tree, TreePath path, FileStat stat, Object within) {
    this.tree = tree;
    this.path = path;
    this.stat = stat;
    this.children = stat.isDirectory() ? new ArrayList<>() : Collections.emptyList();
    boolean shared = !stat.isDirectory() && stat.linkCount() > 1;
    this.identity = shared ? new Identity(within, stat.device(), stat.inode()) : null;
  }

  /** A file that exists in memory only. */
  Item(byte[] content, Timestamp modified) {
    this.tree = null;
    this.path = TreePath.ROOT;
    this.children = Collections.emptyList();
    this.identity = null;
    this.inline = content;
    this.digest = ContentDigest.digest(content);
    this.settled = true;
    this.stat =
        new FileStat(
            FileType.REGULAR,
            0644,
            0,
            0,
            content.length,
            modified,
            modified,
            0,
            DeviceNumber.NONE,
            1,
            DeviceNumber.NONE);
  }

  SourceTree tree() {
    if (tree == null) {
      throw new IllegalStateException("a here-document is in no tree");
    }
    return tree;
  }

  FileStat stat() {
    return stat;
  }

  @Nullable Identity identity() {
    return identity;
  }

  byte @Nullable [] inline() {
    return inline;
  }

  byte[] linkTarget() {
    if (linkTarget == null) {
      throw new IllegalStateException(path + " has not been read");
    }
    return linkTarget;
  }

  ContentDigest digest() {
    if (digest == null) {
      throw new IllegalStateException(path + " has not been read");
    }
    return digest;
  }

  /** Whether an equal stat proves equal content, so that the file need not be hashed again. */
  boolean isSettled() {
    return settled;
  }

  SortedMap<String, byte[]> xattrs() {
    return xattrs;
  }

  void setLinkTarget(byte[] target) {
    linkTarget = target;
  }

  void setXattrs(SortedMap<String, byte[]> all) {
    xattrs = all;
  }

  /** The content, and what the open file said of itself when it was read. */
  void setContent(FileStat read, ContentDigest content, boolean settledNow) {
    stat = read;
    digest = content;
    settled = settledNow;
  }

  /** Gives a downloaded file the attributes that its server said, whatever those on disk are. */
  void fetchedAs(int permissions, Timestamp modified) {
    fetchedPermissions = permissions;
    fetchedTime = modified;
  }

  int permissions() {
    return fetchedPermissions >= 0 ? fetchedPermissions : stat.permissions();
  }

  Timestamp modified() {
    return fetchedTime == null ? stat.modified() : fetchedTime;
  }
}
