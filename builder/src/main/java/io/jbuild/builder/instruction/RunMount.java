package io.jbuild.builder.instruction;

import io.jbuild.builder.source.SourceRange;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A {@code RUN --mount}, variables replaced, defaults that need no context filled in. */
public sealed interface RunMount {

  SourceRange range();

  /**
   * {@code type=bind}: files of the context, a stage or an image.
   *
   * @param target relative to the working directory unless absolute
   * @param writable writes are thrown away after the step
   */
  record Bind(
      String target, String source, Optional<String> from, boolean writable, SourceRange range)
      implements RunMount {}

  /**
   * {@code type=cache}: a directory that outlives the build.
   *
   * @param id of the target, where none is given
   * @param from what the directory begins with; empty: nothing
   */
  record Cache(
      Optional<String> id,
      String target,
      Optional<String> from,
      Optional<String> source,
      Sharing sharing,
      boolean readOnly,
      int mode,
      long uid,
      long gid,
      SourceRange range)
      implements RunMount {}

  /** {@code type=tmpfs}. */
  record Tmpfs(String target, OptionalLong size, int mode, boolean readOnly, SourceRange range)
      implements RunMount {}

  /**
   * {@code type=secret}: a file, a variable, or both.
   *
   * @param target where the file is; empty when there is only a variable
   */
  record Secret(
      String id,
      Optional<String> target,
      Optional<String> env,
      boolean required,
      int mode,
      long uid,
      long gid,
      SourceRange range)
      implements RunMount {}

  /**
   * {@code type=ssh}: the socket of an agent.
   *
   * @param target empty: {@code /run/buildkit/ssh_agent.N}
   */
  record Ssh(
      String id,
      Optional<String> target,
      boolean required,
      OptionalInt mode,
      long uid,
      long gid,
      SourceRange range)
      implements RunMount {}

  /** Who may use a cache at the same time. */
  enum Sharing {
    SHARED,
    PRIVATE,
    LOCKED
  }
}
