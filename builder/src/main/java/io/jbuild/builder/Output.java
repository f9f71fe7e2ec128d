package io.jbuild.builder;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a finished image goes, besides the store, which always keeps it. A destination that is
 * empty means the caller's standard output.
 */
public sealed interface Output {
  /** An OCI image layout: one tar archive, or a directory. */
  record OciLayout(Optional<Path> destination, boolean tar, LayerCompression compression)
      implements Output {}

  /** The archive that {@code docker load} reads. */
  record DockerArchive(Optional<Path> destination) implements Output {}

  /** The merged file tree as one tar archive. */
  record RootTar(Optional<Path> destination) implements Output {}

  /** The merged file tree as a directory. */
  record RootDirectory(Path destination) implements Output {}

  /** A push of every tag to its registry. */
  record Registry(LayerCompression compression) implements Output {}
}
