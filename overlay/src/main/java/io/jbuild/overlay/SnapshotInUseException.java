package io.jbuild.overlay;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A directory for changes that has an owner. Two mounts over one upper directory would corrupt it.
 */
public final class SnapshotInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  SnapshotInUseException(Path upper) {
    super("use \"" + upper + "\" as upper directory: another mount has it");
  }
}
