package io.jbuild.layers.tar;

import java.io.IOException;

/**
 * An archive is refused: its bytes are malformed, or it asks for what an archive may not do, or it
 * exceeds a limit.
 */
public final class BadArchiveException extends IOException {
  private static final long serialVersionUID = 1;

  public BadArchiveException(String message) {
    super(message);
  }

  public BadArchiveException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A refusal that names the entry, printable whatever bytes the name has. */
  public static BadArchiveException entry(byte[] name, String reason) {
    return new BadArchiveException("archive entry " + Quoted.of(name) + ": " + reason);
  }
}
