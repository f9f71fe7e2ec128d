package io.jbuild.registry.http;

import java.io.IOException;

/** A server named an address that we do not go to. Never worth a retry. */
public final class RefusedAddressException extends IOException {
  private static final long serialVersionUID = 1L;

  public RefusedAddressException(String message) {
    super(message);
  }
}
