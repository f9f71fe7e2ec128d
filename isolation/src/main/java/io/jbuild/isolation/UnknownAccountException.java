package io.jbuild.isolation;

import io.jbuild.linux.Printable;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;

/** A user or group that an image does not have, or that cannot be one. */
public final class UnknownAccountException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private static final int LONGEST = 100;

  UnknownAccountException(String what, String text, String reason) {
    super(what + " \"" + printable(text) + "\" " + reason);
  }

  private static String printable(String text) {
    String start = text.substring(0, Math.min(text.length(), LONGEST));
    return Printable.of(start.getBytes(StandardCharsets.UTF_8));
  }
}
