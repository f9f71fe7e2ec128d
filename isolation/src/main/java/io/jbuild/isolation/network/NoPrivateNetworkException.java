package io.jbuild.isolation.network;

import java.io.IOException;

/** Why this machine cannot give sandboxes networks of their own, in one line, and what to do. */
public final class NoPrivateNetworkException extends IOException {
  private static final long serialVersionUID = 1L;

  NoPrivateNetworkException(String message) {
    super(message);
  }

  NoPrivateNetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
