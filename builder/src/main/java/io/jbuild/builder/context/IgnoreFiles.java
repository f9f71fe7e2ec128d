package io.jbuild.builder.context;

import io.jbuild.builder.UserException;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the ignore file of a context. The first that exists holds alone: {@code
 * BUILDFILE.dockerignore} beside the Buildfile, then {@code .buildignore}, {@code .dockerignore},
 * {@code .containerignore} in the context.
 */
public final class IgnoreFiles {
  private static final List<String> NAMES =
      List.of(".buildignore", ".dockerignore", ".containerignore");

  private IgnoreFiles() {}

  /**
   * The rules for a directory.
   *
   * @param buildfile the Buildfile's path for the main context; empty for the others, and where the
   *     Buildfile is not a file
   */
  public static IgnoreRules find(Path context, Optional<Path> buildfile)
      throws IOException, UserException, BuildfileException {
    if (buildfile.isPresent()) {
      Path file = buildfile.get().toAbsolutePath();
      String name = file.getFileName() + ".dockerignore";
      Path directory = file.getParent();
      Optional<byte[]> own =
          directory == null ? Optional.empty() : ContextFiles.read(directory, name);
      if (own.isPresent()) {
        return IgnoreRules.parse(own.get(), name);
      }
    }
    for (String name : NAMES) {
      Optional<byte[]> text = ContextFiles.read(context, name);
      if (text.isPresent()) {
        return IgnoreRules.parse(text.get(), name);
      }
    }
    return IgnoreRules.NONE;
  }
}
