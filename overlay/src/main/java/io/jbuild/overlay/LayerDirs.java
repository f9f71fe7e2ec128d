package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The merged tree of some layers, and the directories that it holds open. */
final class LayerDirs implements Closeable {
  private final List<Dir> open = new ArrayList<>();
  private final UnionView view;

  /**
   * @param layers topmost first
   */
  LayerDirs(List<Path> layers) throws IOException {
    try {
      for (Path layer : layers) {
        open.add(OwnedTree.open(layer));
      }
      view = UnionView.over(open);
    } catch (IOException e) {
      closeAll();
      throw e;
    }
  }

  UnionView view() {
    return view;
  }

  private void closeAll() throws IOException {
    for (Dir dir : open) {
      dir.close();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      view.close();
    } finally {
      closeAll();
    }
  }
}
