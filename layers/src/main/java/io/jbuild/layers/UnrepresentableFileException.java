package io.jbuild.layers;

import java.io.IOException;

/** A file that no layer can hold, because its name or an attribute means something else there. */
public final class UnrepresentableFileException extends IOException {
  private static final long serialVersionUID = 1;

  UnrepresentableFileException(String message) {
    super(message);
  }
}
