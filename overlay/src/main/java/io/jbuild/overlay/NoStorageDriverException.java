package io.jbuild.overlay;

import java.io.IOException;

/** No driver works on the file system of a store, or not the one that is wanted. */
public final class NoStorageDriverException extends IOException {
  private static final long serialVersionUID = 1L;

  NoStorageDriverException(String message) {
    super(message);
  }
}
