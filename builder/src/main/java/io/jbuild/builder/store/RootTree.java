package io.jbuild.builder.store;

import io.jbuild.layers.LowerView;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import io.jbuild.oci.DiffId;
import io.jbuild.overlay.UnionView;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The merged tree of some layers, to read without a mount; closing it closes their directories. */
public final class RootTree implements Closeable {
  private final List<Dir> directories;
  private final UnionView view;

  private RootTree(List<Dir> directories, UnionView view) {
    this.directories = directories;
    this.view = view;
  }

  /** Opens the tree of layers, given lowest first. */
  public static RootTree open(Stores stores, List<DiffId> layers) throws IOException {
    List<Dir> directories = new ArrayList<>();
    try {
      for (Path path : stores.directories(layers)) {
        directories.add(OwnedTree.open(path));
      }
      return new RootTree(directories, UnionView.over(directories));
    } catch (IOException e) {
      closing(directories).closeAfter(e);
      throw e;
    }
  }

  public UnionView view() {
    return view;
  }

  /** The tree as a scan of the layer on top of it asks for it. */
  public LowerView lower() {
    return new Lower(view);
  }

  @Override
  public void close() throws IOException {
    Closing all = closing(directories);
    all.add(view);
    all.close();
  }

  private static Closing closing(List<Dir> directories) {
    Closing all = new Closing();
    directories.forEach(all::add);
    return all;
  }
}
