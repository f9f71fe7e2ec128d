package io.jbuild.registry.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What proves who we are to one registry. None of the forms prints its secret. */
public sealed interface Credential {

  /** A user name and a password, or an access token used as one. */
  record UserPassword(String user, String password) implements Credential {
    public UserPassword {
      if (user.indexOf(':') >= 0) {
        throw new IllegalArgumentException("a user name may not contain ':'");
      }
    }

    /** The value of a {@code Authorization: Basic} header (RFC 7617, UTF-8). */
    public String basic() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
      return "user \"" + user + "\"";
    }
  }

  /**
   * An OAuth2 refresh token ({@code identitytoken}); exchanged at the realm, never sent elsewhere.
   */
  record IdentityToken(String token) implements Credential {
    @Override
    public String toString() {
      return "identity token";
    }
  }

  /** A bearer token ({@code registrytoken}) that the registry takes as it is. */
  record RegistryToken(String token) implements Credential {
    @Override
    public String toString() {
      return "registry token";
    }
  }
}
