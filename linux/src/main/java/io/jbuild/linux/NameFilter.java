package io.jbuild.linux;

import org.jspecify.annotations.Nullable;

/**
 * Chooses among the names of a directory before anything is made of them: most of a large tree may
 * be for nobody.
 */
@FunctionalInterface
public interface NameFilter {
  /** Every name. */
  NameFilter ALL = (bytes, from, to, type) -> true;

  /**
   * Whether a name is wanted.
   *
   * @param bytes hold the name, from {@code from} to before {@code to}, and other things
   * @param type null where the file system does not tell it in a listing
   */
  boolean wants(byte[] bytes, int from, int to, @Nullable FileType type);
}
