package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The merged tree of a stack of layer directories in overlayfs's format, as overlayfs shows it, but
 * read without a mount, a privilege or a process. Whiteouts (character device 0:0) and opaque
 * directories ({@code trusted.overlay.opaque=y}) hide what is below them.
 *
 * <p>The layers must not change while the view is used; the layer directories stay the caller's to
 * close.
 */
public final class UnionView implements TreeView {
  private final RootedTree tree;

  private UnionView(UnionDir root) {
    this.tree = new RootedTree(root);
  }

  /** The view over the roots of layers, the topmost first; over none it is an empty root. */
  public static UnionView over(List<? extends Dir> layers) throws IOException {
    return new UnionView(UnionDir.root(layers));
  }

  @Override
  public Dir root() {
    return tree.root();
  }

  @Override
  public Optional<FileStat> lookup(TreePath path) throws IOException {
    return tree.lookup(path);
  }

  @Override
  public Resolved resolve(TreePath path) throws IOException {
    return tree.resolve(path);
  }

  @Override
  public Resolved resolveParent(TreePath path) throws IOException {
    return tree.resolveParent(path);
  }

  @Override
  public List<Name> list(TreePath directory) throws IOException {
    return tree.list(directory);
  }

  @Override
  public InputFile read(TreePath file) throws IOException {
    return tree.read(file);
  }

  @Override
  public byte[] readLink(TreePath link) throws IOException {
    return tree.readLink(link);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(TreePath path) throws IOException {
    return tree.xattrs(path);
  }

  @Override
  public void close() throws IOException {
    tree.close();
  }
}
