package io.jbuild.layers;

import io.jbuild.oci.DiffId;

/**
 * What is known of a layer once its last byte was hashed.
 *
 * @param tarSize bytes of the uncompressed tar
 * @param entries entries of the tar
 */
public record LayerSummary(DiffId diffId, long tarSize, long entries, Form form) {

  /** How the tar relates to the directory. */
  public enum Form {
    /** Scanning the directory gives the tar again. */
    CANONICAL,
    /** The same, the tar beginning with an entry for the root itself. */
    CANONICAL_WITH_ROOT,
    /** Somebody else's tar: only the blob that brought it has its bytes. */
    FOREIGN
  }

  public LayerSummary {
    if (tarSize < 0 || entries < 0) {
      throw new IllegalArgumentException("layer of " + tarSize + " bytes, " + entries + " entries");
    }
  }

  /** Whether it changes nothing. */
  public boolean isEmpty() {
    return entries == 0;
  }
}
