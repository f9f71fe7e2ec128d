package io.jbuild.oci.text;

import java.io.IOException;
import java.util.Objects;

/**
 * Text or bytes from outside have not the form that they must have: a reference that the user
 * typed, a manifest from a registry, a record on disk.
 *
 * <p>The message is one line of at most 1,000 characters. Foreign text in it was escaped by {@link
 * Printable}.
 */
public final class MalformedException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(bounded(message));
  }

  /** The same complaint with the place where it was found in front: {@code manifest: …}. */
  public MalformedException in(String place) {
    MalformedException outer = new MalformedException(place + ": " + getMessage());
    outer.initCause(getCause());
    outer.setStackTrace(getStackTrace());
    return outer;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }

  private static String bounded(String message) {
    int max = Printable.MAX_MESSAGE;
    return message.length() <= max ? message : message.substring(0, max - 3) + "...";
  }
}
