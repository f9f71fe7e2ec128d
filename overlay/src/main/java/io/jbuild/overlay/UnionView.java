package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import java.io.IOException;
import java.util.List;

/**
 * The merged tree of a stack of layer directories in overlayfs's format, as overlayfs shows it, but
 * read without a mount, a privilege or a process. Whiteouts (character device 0:0) and opaque
 * directories ({@code trusted.overlay.opaque=y}, or {@code user.…} in a user namespace) hide what
 * is below them.
 *
 * <p>The layers must not change while the view is used; the layer directories stay the caller's to
 * close.
 */
public final class UnionView extends RootedTree {
  private UnionView(UnionDir root) {
    super(root);
  }

  /** The view over the roots of layers, the topmost first; over none it is an empty root. */
  public static UnionView over(List<? extends Dir> layers) throws IOException {
    return new UnionView(UnionDir.root(layers));
  }
}
