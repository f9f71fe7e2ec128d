package io.jbuild.builder.store;

import io.jbuild.layers.Attributes;
import io.jbuild.layers.LowerView;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;

/** A tree, asked what lies below the layer that is being made on top of it. */
record Lower(TreeView view) implements LowerView {
  @Override
  public Optional<Attributes> lookup(TreePath path) throws IOException {
    Optional<FileStat> stat = view.lookup(path).filter(FileStat::isDirectory);
    return stat.isEmpty()
        ? Optional.empty()
        : Optional.of(Attributes.of(stat.get(), view.xattrs(path)));
  }

  @Override
  public Optional<File> file(TreePath path) throws IOException {
    return view.lookup(path)
        .filter(stat -> !stat.isDirectory())
        .map(stat -> new Found(view, path, stat));
  }

  private record Found(TreeView view, TreePath path, FileStat stat) implements File {
    @Override
    public SortedMap<String, byte[]> xattrs() throws IOException {
      return view.xattrs(path);
    }

    @Override
    public InputFile read() throws IOException {
      return view.read(path);
    }

    @Override
    public byte[] target() throws IOException {
      return view.readLink(path);
    }
  }
}
