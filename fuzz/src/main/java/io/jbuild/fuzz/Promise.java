package io.jbuild.fuzz;

import java.util.Objects;

/** Assertions for targets, which run without a test framework. */
public final class Promise {
  private Promise() {}

  public static void same(Object expected, Object actual, String what) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(what + ": expected <" + expected + "> but was <" + actual + ">");
    }
  }

  public static void holds(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** A message that a terminal may show: not empty, and no character that commands it. */
  public static void readable(String message) {
    holds(!message.isBlank(), "an empty message");
    boolean shown =
        message.chars().allMatch(c -> c == '\n' || c == '\t' || !Character.isISOControl(c));
    holds(shown, "a control character in a message");
  }
}
