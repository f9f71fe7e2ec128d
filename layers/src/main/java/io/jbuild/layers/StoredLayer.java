package io.jbuild.layers;

import io.jbuild.oci.DiffId;
import java.nio.file.Path;

/**
 * A complete layer in the store.
 *
 * @param fs the directory that overlayfs takes as a lower; nobody changes anything in it
 */
public record StoredLayer(LayerSummary summary, Path fs) {
  public DiffId diffId() {
    return summary.diffId();
  }

  /** Bytes of the uncompressed tar. */
  public long tarSize() {
    return summary.tarSize();
  }

  public long entries() {
    return summary.entries();
  }

  public boolean isEmpty() {
    return summary.isEmpty();
  }
}
