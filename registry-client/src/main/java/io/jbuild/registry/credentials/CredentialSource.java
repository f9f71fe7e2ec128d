package io.jbuild.registry.credentials;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Finds the credential for a registry; asked late, once a registry demands one. */
@FunctionalInterface
public interface CredentialSource {

  /** Knows nobody: every request is anonymous. */
  CredentialSource ANONYMOUS = registry -> Optional.empty();

  /**
   * The credential for exactly this {@code host[:port]} ({@code docker.io} for Docker Hub), or
   * nothing when the user has none.
   *
   * @throws IOException if a file or helper that should know it fails
   */
  Optional<Credential> find(String registry) throws IOException;

  /** Fixed credentials by exact {@code host[:port]}, as for {@code --creds}. */
  static CredentialSource of(Map<String, Credential> byRegistry) {
    Map<String, Credential> copy = Map.copyOf(byRegistry);
    return registry -> Optional.ofNullable(copy.get(registry));
  }

  /** Asks this source first, then the other one. */
  default CredentialSource or(CredentialSource other) {
    return registry -> {
      Optional<Credential> found = find(registry);
      return found.isPresent() ? found : other.find(registry);
    };
  }
}
