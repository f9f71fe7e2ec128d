package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A tree read by path. {@link #resolve} is the one place that follows symbolic links, and they
 * never lead out of the tree; every other method takes a path as it stands, so that a link where a
 * directory should be makes the path absent. Nothing is read but what is asked for.
 *
 * <p>Safe for several threads. Directories used lately stay open, a bounded number of them, until
 * {@link #close}.
 */
public interface TreeView extends Closeable {
  /**
   * Where a path leads.
   *
   * @param path without any symbolic link in it; what does not exist is kept as it was written
   * @param stat empty when nothing is there
   */
  record Resolved(TreePath path, Optional<FileStat> stat) {}

  /** The tree below an open directory, which stays the caller's to close. */
  static TreeView of(Dir root) {
    return new RootedTree(root);
  }

  /** The root, to read only; closing it does nothing. */
  Dir root();

  /** What is at a path, a symbolic link itself included. */
  Optional<FileStat> lookup(TreePath path) throws IOException;

  /**
   * Follows all symbolic links, as a process whose root is this tree would: absolute targets start
   * at the root, {@code ..} stops there.
   *
   * @throws io.jbuild.linux.LinuxException ELOOP after 40 links
   */
  Resolved resolve(TreePath path) throws IOException;

  /** Follows the links above the last component, and keeps that as it is. */
  Resolved resolveParent(TreePath path) throws IOException;

  /** The names in a directory, sorted by their bytes. */
  List<Name> list(TreePath directory) throws IOException;

  /** The same with what is there, at one go: a walk of the tree asks for nothing else. */
  List<DirEntry> entries(TreePath directory) throws IOException;

  InputFile read(TreePath file) throws IOException;

  byte[] readLink(TreePath link) throws IOException;

  SortedMap<String, byte[]> xattrs(TreePath path) throws IOException;
}
