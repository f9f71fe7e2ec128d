package io.jbuild.registry;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.credentials.Credential;
import io.jbuild.registry.http.HostNames;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.RefusedAddressException;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.RequestBody;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches bearer tokens from the realm that a registry names (distribution token and OAuth2
 * specifications).
 */
final class TokenEndpoint {
  private static final int MAX_ANSWER = 1 << 20;
  private static final long DEFAULT_SECONDS = 60;
  private static final long MAX_SECONDS = 24 * 3600;

  private final Origin registry;
  private final Redirects redirects;
  private final Retrier retrier;
  private final RegistrySettings settings;

  TokenEndpoint(Origin registry, Redirects redirects, Retrier retrier, RegistrySettings settings) {
    this.registry = registry;
    this.redirects = redirects;
    this.retrier = retrier;
    this.settings = settings;
  }

  Token fetch(String realm, String service, Scope scope, Optional<Credential> credential)
      throws IOException {
    URI uri = checked(realm);
    if (credential.isPresent() && credential.get() instanceof Credential.IdentityToken identity) {
      return request(exchange(uri, service, scope, identity), Optional.empty());
    }
    Optional<String> basic =
        credential
            .filter(Credential.UserPassword.class::isInstance)
            .map(each -> ((Credential.UserPassword) each).basic());
    return request(Request.of("GET", query(uri, service, scope)), basic);
  }

  /**
   * Where a realm may be: at the registry's own origin, or at an https host that is no private
   * address. What is refused is refused before any connection.
   */
  private URI checked(String realm) throws IOException {
    URI uri;
    try {
      uri = new URI(realm);
    } catch (java.net.URISyntaxException e) {
      throw refused(realm, "not an address");
    }
    Origin origin;
    try {
      origin = Origin.of(uri);
    } catch (RefusedAddressException e) {
      throw refused(realm, "only http and https with a host name and no user");
    }
    if (origin.equals(registry)) {
      return uri;
    }
    if (!origin.isHttps()) {
      throw refused(realm, "another host is asked by https only");
    }
    if (!HostNames.isPublic(origin.host())) {
      throw refused(realm, "a private address");
    }
    return uri;
  }

  private RefusedAddressException refused(String realm, String why) {
    int query = realm.indexOf('?');
    String shown = query < 0 ? realm : realm.substring(0, query);
    return new RefusedAddressException(
        registry + " sends us for a token to " + Shown.quoted(redacted(shown)) + ": " + why);
  }

  private static String redacted(String address) {
    int at = address.lastIndexOf('@');
    int start = address.indexOf("://");
    return at < 0 || start < 0
        ? address
        : address.substring(0, start + 3) + address.substring(at + 1);
  }

  private static URI query(URI realm, String service, Scope scope) {
    URI uri = service.isEmpty() ? realm : Addresses.withQuery(realm, "service", service);
    for (String text : scope.texts()) {
      uri = Addresses.withQuery(uri, "scope", text);
    }
    return uri;
  }

  private static Request exchange(
      URI realm, String service, Scope scope, Credential.IdentityToken identity) {
    String form =
        "grant_type=refresh_token&client_id=jbuild"
            + field("service", service)
            + field("scope", String.join(" ", scope.texts()))
            + field("refresh_token", identity.token());
    return Request.of("POST", realm)
        .with("Content-Type", "application/x-www-form-urlencoded")
        .body(RequestBody.of(form.getBytes(StandardCharsets.UTF_8)));
  }

  private static String field(String name, String value) {
    return "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private Token request(Request bare, Optional<String> basic) throws IOException {
    Request request =
        bare.with("Accept", "application/json").with("User-Agent", settings.userAgent());
    return retrier.run(
        request.toString(),
        () -> {
          Response response = redirects.send(request, basic);
          if (response.status() == 200) {
            return Retrier.Outcome.done(read(request, response));
          }
          return Retrier.Outcome.failed(RegistrySession.failure(request, response, settings));
        });
  }

  private Token read(Request request, Response response) throws IOException {
    try (response) {
      JsonObject answer = Json.readObject(response.bytes(MAX_ANSWER));
      Optional<String> value = answer.optionalString("token").filter(text -> !text.isEmpty());
      String token = value.isPresent() ? value.get() : answer.stringOrEmpty("access_token");
      if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw new MalformedException("no usable token");
      }
      return new Token(token, staleAt(answer.optionalInteger("expires_in")));
    } catch (MalformedException e) {
      throw new RegistryException(request.toString(), "answer: " + e.getMessage(), e);
    }
  }

  /** A tenth of its life early, as the request that brings it takes time too. */
  private long staleAt(OptionalLong expiresIn) {
    long seconds = Math.max(1, Math.min(expiresIn.orElse(DEFAULT_SECONDS), MAX_SECONDS));
    long nanos = Duration.ofSeconds(seconds).toNanos();
    return settings.clock().nanoTime() + nanos - nanos / 10;
  }
}
