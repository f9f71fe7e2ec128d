package io.jbuild.builder.expand;

import java.util.Optional;

/**
 * A word that cannot be expanded: an open quote, a bad substitution, a variable that is asked for.
 */
public final class ExpansionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<String> hint;
  private final String word;

  public ExpansionException(String message) {
    this(message, Optional.empty());
  }

  ExpansionException(String message, Optional<String> hint) {
    this(message, hint, "");
  }

  ExpansionException(String message, Optional<String> hint, String word) {
    super(message);
    this.hint = hint;
    this.word = word;
  }

  /** What the user may do. */
  public Optional<String> hint() {
    return hint;
  }

  /** What was to be expanded, as it is written; empty where that is not known. */
  public String word() {
    return word;
  }

  /** The message; never null here. */
  public String problem() {
    return String.valueOf(getMessage());
  }
}
