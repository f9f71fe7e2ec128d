package io.jbuild.builder.extend;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContextFiles;
import java.io.IOException;
import java.util.Optional;

/** Where INCLUDE reads. */
@FunctionalInterface
public interface IncludeFiles {
  /** For a text that stands alone. */
  IncludeFiles NONE =
      path -> {
        throw new UserException("there is no build context to include files from");
      };

  /**
   * The content of a file; empty where there is none.
   *
   * @param path below the root of the context, without {@code ..}
   */
  Optional<byte[]> read(String path) throws IOException, UserException;

  /** The files of a build context, also those that its ignore file hides from COPY. */
  static IncludeFiles of(BuildContext context) {
    if (!(context instanceof BuildContext.Directory directory)) {
      return NONE;
    }
    return path -> ContextFiles.read(directory.path(), path);
  }
}
