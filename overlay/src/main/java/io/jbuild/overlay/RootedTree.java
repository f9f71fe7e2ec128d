package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The tree below a directory handle. */
class RootedTree implements TreeView {
  private final Dir root;
  private final OpenDirs open;

  RootedTree(Dir root) {
    this.root = root;
    this.open = new OpenDirs(root);
  }

  @Override
  public Dir root() {
    return new SharedDir(root);
  }

  @Override
  public synchronized Optional<FileStat> lookup(TreePath path) throws IOException {
    if (path.isRoot()) {
      return Optional.of(root.stat());
    }
    Optional<Dir> parent = findDir(path.parent().orElseThrow());
    return parent.isPresent() ? parent.get().find(path.name()) : Optional.empty();
  }

  @Override
  public Resolved resolve(TreePath path) throws IOException {
    return new LinkWalk(this).follow(path);
  }

  @Override
  public Resolved resolveParent(TreePath path) throws IOException {
    if (path.isRoot()) {
      return resolve(path);
    }
    TreePath leaf = resolve(path.parent().orElseThrow()).path().resolve(path.name());
    return new Resolved(leaf, lookup(leaf));
  }

  @Override
  public synchronized List<Name> list(TreePath directory) throws IOException {
    return open.get(directory).list();
  }

  @Override
  public synchronized List<DirEntry> entries(TreePath directory) throws IOException {
    return open.get(directory).entries();
  }

  @Override
  public synchronized InputFile read(TreePath file) throws IOException {
    return parentOf(file).read(file.name());
  }

  @Override
  public synchronized byte[] readLink(TreePath link) throws IOException {
    return parentOf(link).readLink(link.name());
  }

  @Override
  public synchronized SortedMap<String, byte[]> xattrs(TreePath path) throws IOException {
    Dir known = open.known(path);
    return known != null ? known.xattrs() : parentOf(path).xattrs(path.name());
  }

  @Override
  public synchronized void close() throws IOException {
    open.close();
  }

  private Dir parentOf(TreePath path) throws IOException {
    return open.get(path.parent().orElse(TreePath.ROOT));
  }

  /** The directory at a path; empty when the path does not lead to a directory. */
  private Optional<Dir> findDir(TreePath path) throws IOException {
    try {
      return Optional.of(open.get(path));
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
