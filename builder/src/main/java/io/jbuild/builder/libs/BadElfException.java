package io.jbuild.builder.libs;

import java.io.IOException;

/** A file that begins like ELF and then is not. */
public final class BadElfException extends IOException {
  private static final long serialVersionUID = 1L;

  BadElfException(String message) {
    super(message);
  }
}
