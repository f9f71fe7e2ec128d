package io.jbuild.fuzz;

/** What is done with one text. */
public interface Check {
  /** Throws an {@link AssertionError} for a broken promise; an exception is one as well. */
  void check(String text) throws Exception;
}
