package io.jbuild.builder.step;

import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;

/** A copy that cannot be made, told at the line that asks for it. */
public final class CopyFailure {
  private CopyFailure() {}

  public static BuildfileException at(Origin origin, UserException cause) {
    String message = String.valueOf(cause.getMessage());
    BuildfileException error =
        cause.hint().isPresent()
            ? origin.error(message, cause.hint().get())
            : origin.error(message);
    error.initCause(cause);
    return error;
  }
}
