package io.jbuild.registry.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Our side of an upload could not be read; no fault of the network, so never worth a retry. */
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1L;

  public SourceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
