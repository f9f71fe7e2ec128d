package io.jbuild.builder.plan;

import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.oci.Platform;
import io.jbuild.oci.text.MalformedException;
import java.util.Optional;

/** Platforms as they are written in a FROM, and what those that nobody knows were meant to be. */
public final class PlatformNames {
  private PlatformNames() {}

  /** That of {@code FROM --platform}. */
  public static Platform parse(String text, Origin origin) throws BuildfileException {
    try {
      return Platform.parse(text);
    } catch (MalformedException e) {
      String problem = String.valueOf(e.getMessage());
      BuildfileException error =
          hint(text)
              .map(hint -> origin.error(problem, hint))
              .orElseGet(() -> origin.error(problem))
              .at(text);
      error.initCause(e);
      throw error;
    }
  }

  /** {@code did you mean linux/amd64?}; empty for what is known, or like nothing that is. */
  public static Optional<String> hint(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length == 1) {
      return Suggestion.hint(text, Platform.knownNames());
    }
    String os = nearest(parts[0]);
    String architecture = nearest(parts[1]);
    return os.equals(parts[0]) && architecture.equals(parts[1])
        ? Optional.empty()
        : Optional.of("did you mean " + os + "/" + architecture + "?");
  }

  private static String nearest(String part) {
    return Platform.knownNames().contains(part)
        ? part
        : Suggestion.nearest(part, Platform.knownNames()).orElse(part);
  }
}
