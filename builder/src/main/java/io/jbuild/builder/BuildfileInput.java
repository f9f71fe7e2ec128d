package io.jbuild.builder;

import java.nio.file.Path;

/** Where the Buildfile comes from. */
public sealed interface BuildfileInput {
  /**
   * The first of {@code Buildfile}, {@code Dockerfile} and the other usual names in the context.
   */
  record Default() implements BuildfileInput {}

  /** A named file. */
  record File(Path path) implements BuildfileInput {}

  /** A file of the context, by its path there. */
  record InContext(String path) implements BuildfileInput {}

  /** A file of a web server. */
  record Fetched(ContextSource.Http source) implements BuildfileInput {}

  /** Text that the caller has read, standard input for one. */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  record Text(String name, byte[] content) implements BuildfileInput {
    public Text {
      content = content.clone();
    }

    @Override
    public byte[] content() {
      return content.clone();
    }
  }
}
