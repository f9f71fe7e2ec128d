package io.jbuild.builder.git;

import io.jbuild.layers.LayerIngest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The files of a commit in a directory of the store, which is discarded when this is closed. Files
 * have the modes 0644 and 0755, directories 0755, all belong to root.
 */
public final class GitTree implements Closeable {
  private final LayerIngest place;
  private final Path path;
  private final String commit;
  private final Instant committed;

  GitTree(LayerIngest place, Path path, String commit, Instant committed) {
    this.place = place;
    this.path = path;
    this.commit = commit;
    this.committed = committed;
  }

  /** The directory that the reference means: the repository's, or its subdirectory. */
  public Path path() {
    return path;
  }

  /** The commit's whole id. */
  public String commit() {
    return commit;
  }

  /** When the commit was made, in whole seconds. */
  public Instant committed() {
    return committed;
  }

  @Override
  public void close() throws IOException {
    place.close();
  }
}
