package io.jbuild.builder.web;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.secret.Secrets;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a build may show to web servers: the secrets {@code HTTP_AUTH_TOKEN_HOST} and {@code
 * HTTP_AUTH_HEADER_HOST}, and the login that an address itself holds.
 */
public final class WebCredentials {
  private static final String TOKEN = "HTTP_AUTH_TOKEN_";
  private static final String HEADER = "HTTP_AUTH_HEADER_";

  private final Secrets secrets;

  /**
   * @param secrets all secrets of the build, by id
   */
  public WebCredentials(SortedMap<String, SecretSource> secrets) {
    this.secrets = new Secrets(secrets);
  }

  /** The value of the Authorization header for an address; a token counts before a header. */
  Optional<String> authorization(URI address) throws IOException, UserException {
    String host = address.getHost().toLowerCase(Locale.ROOT);
    Optional<String> token = secrets.line(TOKEN + host);
    if (token.isPresent()) {
      return Optional.of("Bearer " + token.get());
    }
    Optional<String> header = secrets.line(HEADER + host);
    return header.isPresent()
        ? header
        : Optional.ofNullable(address.getUserInfo()).map(this::basic);
  }

  private String basic(String login) {
    byte[] bytes = (login.contains(":") ? login : login + ":").getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
