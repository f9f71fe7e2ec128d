package io.jbuild.builder.step;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.UserException;
import io.jbuild.isolation.SandboxSpec;
import java.util.Optional;

/** What a sandbox calls its machine. */
public final class HostName {
  /** BuildKit's way to set it, from a Buildfile's own arguments. */
  private static final String ARGUMENT = "BUILDKIT_SANDBOX_HOSTNAME";

  private HostName() {}

  static String of(BuildRequest request) throws UserException {
    Optional<String> argument =
        Optional.ofNullable(request.buildArgs().get(ARGUMENT)).filter(name -> !name.isEmpty());
    return of(request.hostname().or(() -> argument));
  }

  /** The one that is wanted, if it is one. */
  public static String of(Optional<String> wanted) throws UserException {
    String name = wanted.orElse(SandboxSpec.DEFAULT_HOSTNAME);
    if (!SandboxSpec.isHostname(name)) {
      throw new UserException(
          "not a host name: \"" + name + "\"", "letters, digits, dots and hyphens, 64 at most");
    }
    return name;
  }
}
