package io.jbuild.registry.http;

import java.io.IOException;

/** An answer was longer than such an answer may be. Never worth a retry. */
public final class BodyTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  public BodyTooLongException(String message) {
    super(message);
  }
}
