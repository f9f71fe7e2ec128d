package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.Timestamp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Reads a layer directory, as overlayfs left it in an upper, and gives its tar.
 *
 * <p>{@link #scan} also makes the directory say what the tar says: it removes directories that were
 * only copied up, sockets, opaque marks that hide nothing and overlayfs's private attributes. Run
 * it before the directory is mounted again. {@link #write} changes nothing and gives the same bytes
 * once more.
 */
public final class LayerScanner {
  private final LowerView lower;
  private final Optional<Timestamp> newest;
  private final Consumer<String> warnings;

  /**
   * @param newest files that are younger get this time, in the tar and in the directory
   * @param warnings takes one line for each file that is left out
   */
  public LayerScanner(LowerView lower, Optional<Timestamp> newest, Consumer<String> warnings) {
    this.lower = lower;
    this.newest = newest;
    this.warnings = warnings;
  }

  /**
   * Tidies the directory and hashes its tar.
   *
   * @throws UnrepresentableFileException for a file that a layer cannot hold
   */
  public LayerSummary scan(Dir upper) throws IOException {
    return scan(upper, OutputStream.nullOutputStream());
  }

  /** As {@link #scan(Dir)}, passing the tar on as well. */
  public LayerSummary scan(Dir upper, OutputStream tar) throws IOException {
    LayerFraming framing = new LayerFraming(tar);
    Tidier tidier = new Tidier(lower, newest, warnings);
    try (LayerWalk walk = new LayerWalk(upper, framing, tidier)) {
      walk.run(tidier.isRootChanged(upper));
    }
    return framing.finish();
  }

  /**
   * Writes the tar of a directory that was scanned, or written by {@link LayerWriter}, before.
   *
   * @param withRoot whether it begins with an entry for the root
   */
  public static LayerSummary write(Dir layer, boolean withRoot, OutputStream tar)
      throws IOException {
    LayerFraming framing = new LayerFraming(tar);
    try (LayerWalk walk = new LayerWalk(layer, framing, Tidier.none())) {
      walk.run(withRoot);
    }
    return framing.finish();
  }

  /** As {@link #write}, of several directories, each below one of the name that it has here. */
  public static LayerSummary writeBelow(SortedMap<String, ? extends Dir> layers, OutputStream tar)
      throws IOException {
    LayerFraming framing = new LayerFraming(tar);
    for (Map.Entry<String, ? extends Dir> layer : layers.entrySet()) {
      try (LayerWalk walk = new LayerWalk(layer.getValue(), framing, Tidier.none())) {
        walk.runBelow(layer.getKey().getBytes(StandardCharsets.UTF_8));
      }
    }
    return framing.finish();
  }
}
