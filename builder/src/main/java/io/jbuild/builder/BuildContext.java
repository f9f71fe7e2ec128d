package io.jbuild.builder;

import java.io.InputStream;
import java.nio.file.Path;

/** Where COPY and ADD take local files. */
public sealed interface BuildContext {
  /** A directory of this machine, with its ignore file. */
  record Directory(Path path) implements BuildContext {}

  /**
   * A tar archive, plain or compressed, which is unpacked for the time of the build. The caller
   * closes the stream.
   *
   * @param name for messages
   * @param orBuildfile whether what is no archive is taken as a Buildfile without a context
   */
  record Archive(String name, InputStream content, boolean orBuildfile) implements BuildContext {}

  /** What is fetched for the build: a repository, an archive, or a Buildfile without a context. */
  record Remote(ContextSource.Remote source) implements BuildContext {}

  /** No context: only a Buildfile was given. */
  record None() implements BuildContext {}
}
