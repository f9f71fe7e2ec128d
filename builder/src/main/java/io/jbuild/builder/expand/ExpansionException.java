package io.jbuild.builder.expand;

/**
 * A word that cannot be expanded: an open quote, a bad substitution, a variable that is asked for.
 */
public final class ExpansionException extends Exception {
  private static final long serialVersionUID = 1L;

  public ExpansionException(String message) {
    super(message);
  }

  /** The message; never null here. */
  public String problem() {
    return String.valueOf(getMessage());
  }
}
