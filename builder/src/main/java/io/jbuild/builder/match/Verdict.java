package io.jbuild.builder.match;

/** What ignore rules make of an entry of a directory. */
public enum Verdict {
  /** It is in the build. */
  KEPT,
  /** It is not, but a directory of that name may hold what is. */
  PASSAGE,
  /** It is not, and nothing below it can be. */
  HIDDEN
}
