package io.jbuild.builder.extend;

import io.jbuild.builder.source.BuildfileException;
import java.util.List;

/** What stands behind IF. Nothing is looked up before it is needed. */
sealed interface Condition {

  boolean holds(Lookup lookup) throws BuildfileException;

  /** The variables that a condition may ask for; errors name the line of the IF. */
  interface Lookup {
    /** A word with its variables replaced. */
    String word(String raw) throws BuildfileException;

    /** Whether an ARG has a value. */
    boolean isDefined(String name) throws BuildfileException;

    BuildfileException error(String problem, String hint);
  }

  /** At least one of several. */
  record Any(List<Condition> parts) implements Condition {
    public Any {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean holds(Lookup lookup) throws BuildfileException {
      for (Condition part : parts) {
        if (part.holds(lookup)) {
          return true;
        }
      }
      return false;
    }
  }

  /** All of several. */
  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean holds(Lookup lookup) throws BuildfileException {
      for (Condition part : parts) {
        if (!part.holds(lookup)) {
          return false;
        }
      }
      return true;
    }
  }

  /** {@code !}. */
  record Not(Condition part) implements Condition {
    @Override
    public boolean holds(Lookup lookup) throws BuildfileException {
      return !part.holds(lookup);
    }
  }

  /** Two words that are equal, or are not. */
  record Compared(String left, String right, boolean equal) implements Condition {
    @Override
    public boolean holds(Lookup lookup) throws BuildfileException {
      return lookup.word(left).equals(lookup.word(right)) == equal;
    }
  }

  /** {@code defined(NAME)}. */
  record Defined(String name) implements Condition {
    @Override
    public boolean holds(Lookup lookup) throws BuildfileException {
      return lookup.isDefined(name);
    }
  }

  /** A word alone. That "0" or "false" should hold, being not empty, is nobody's wish. */
  record Truth(String word) implements Condition {
    private static final List<String> TRUE = List.of("true", "1", "yes", "on");
    private static final List<String> FALSE = List.of("", "false", "0", "no", "off");

    @Override
    public boolean holds(Lookup lookup) throws BuildfileException {
      String value = lookup.word(word);
      String lower = value.toLowerCase(java.util.Locale.ROOT);
      if (TRUE.contains(lower) || FALSE.contains(lower)) {
        return TRUE.contains(lower);
      }
      throw lookup
          .error(
              word + " is \"" + value + "\", which is neither true nor false",
              "compare it: " + word + " == …, or " + word + " != \"\"")
          .at(word);
    }
  }
}
