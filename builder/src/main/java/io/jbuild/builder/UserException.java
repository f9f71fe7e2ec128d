package io.jbuild.builder;

import java.util.Optional;

/**
 * Something that the user asked for cannot be done as asked: a missing context, an unknown stage, a
 * name that is not in the store. The message is one clear line, lower case, operands quoted.
 */
public class UserException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String hint;

  public UserException(String message) {
    this(message, "");
  }

  /** With a hint: what the user can do about it. */
  public UserException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  public UserException(String message, Throwable cause) {
    super(message, cause);
    this.hint = "";
  }

  public Optional<String> hint() {
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }
}
