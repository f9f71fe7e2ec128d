package io.jbuild.builder.web;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a build may show to web servers: the secrets {@code HTTP_AUTH_TOKEN_HOST} and {@code
 * HTTP_AUTH_HEADER_HOST}, and the login that an address itself holds.
 */
public final class WebCredentials {
  private static final String TOKEN = "HTTP_AUTH_TOKEN_";
  private static final String HEADER = "HTTP_AUTH_HEADER_";
  private static final int MAX_SECRET = 16 << 10;

  private final SortedMap<String, SecretSource> secrets;

  /**
   * @param secrets all secrets of the build, by id
   */
  public WebCredentials(SortedMap<String, SecretSource> secrets) {
    this.secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
  }

  /** The value of the Authorization header for an address; a token counts before a header. */
  Optional<String> authorization(URI address) throws IOException, UserException {
    String host = address.getHost().toLowerCase(Locale.ROOT);
    Optional<String> token = secret(TOKEN + host);
    if (token.isPresent()) {
      return Optional.of("Bearer " + token.get());
    }
    Optional<String> header = secret(HEADER + host);
    return header.isPresent()
        ? header
        : Optional.ofNullable(address.getUserInfo()).map(this::basic);
  }

  private String basic(String login) {
    byte[] bytes = (login.contains(":") ? login : login + ":").getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private Optional<String> secret(String id) throws IOException, UserException {
    SecretSource source = secrets.get(id);
    if (source == null) {
      return Optional.empty();
    }
    String value = new String(read(id, source), StandardCharsets.UTF_8).strip();
    if (value.isEmpty() || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new UserException("secret " + id + " is not one line of text");
    }
    return Optional.of(value);
  }

  private static byte[] read(String id, SecretSource source) throws IOException, UserException {
    if (source instanceof SecretSource.OfBytes bytes) {
      return bytes.value();
    }
    Path file = ((SecretSource.OfFile) source).path();
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_SECRET);
    } catch (NoSuchFileException e) {
      throw new UserException("secret " + id + ": there is no file \"" + file + "\"", e);
    }
  }
}
