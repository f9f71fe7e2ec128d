package io.jbuild.builder;

import java.nio.file.Path;

/** Where COPY and ADD take local files. */
public sealed interface BuildContext {
  /** A directory of this machine, with its ignore file. */
  record Directory(Path path) implements BuildContext {}

  /** No context: only a Buildfile was given. */
  record None() implements BuildContext {}
}
