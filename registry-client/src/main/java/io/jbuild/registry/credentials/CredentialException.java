package io.jbuild.registry.credentials;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A credential file or helper did not answer as it should; the message names it. */
public final class CredentialException extends IOException {
  private static final long serialVersionUID = 1L;

  CredentialException(String message) {
    super(message);
  }

  CredentialException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
