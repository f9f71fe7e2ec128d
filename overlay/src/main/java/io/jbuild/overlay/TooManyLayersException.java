package io.jbuild.overlay;

import io.jbuild.linux.mount.Overlay;
import java.io.IOException;

/** A stack that overlayfs cannot hold. */
public final class TooManyLayersException extends IOException {
  private static final long serialVersionUID = 1L;

  TooManyLayersException(int layers) {
    super(
        layers
            + " different layers: overlayfs stacks at most "
            + Overlay.MAX_LOWERS
            + "; merge some of them, or start from an image with fewer");
  }
}
