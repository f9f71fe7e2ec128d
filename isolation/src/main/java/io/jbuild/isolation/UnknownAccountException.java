package io.jbuild.isolation;

import java.io.IOException;
import java.io.Serial;

/** A user or group that an image does not have, or that cannot be one. */
public final class UnknownAccountException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  UnknownAccountException(String what, String text, String reason) {
    super(what + " \"" + printable(text) + "\" " + reason);
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.chars().limit(100).forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
    return out.toString();
  }
}
