package io.jbuild.layers;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A place in which a layer is made. It belongs to the process that began it until that closes it or
 * dies. Closing without a commit discards everything, by a rename; closing after a commit only
 * tidies up.
 */
public interface LayerIngest extends Closeable {

  /**
   * The layer's directory to be: an upper directory, or what a writer or applier fills. Root's,
   * 0755, empty.
   */
  Path fs();

  /** An empty directory beside it, for overlayfs to work in. */
  Path work();

  /**
   * Makes the layer durable and publishes it under its diffID, after which {@link #fs} is gone. If
   * the store has such a layer already, that one stays and is what is returned. Nothing may be
   * mounted on or write into the directory any more. Once.
   */
  StoredLayer commit(LayerSummary summary) throws IOException;

  /** Discards what was not committed. */
  @Override
  void close() throws IOException;
}
