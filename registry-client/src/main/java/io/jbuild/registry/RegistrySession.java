package io.jbuild.registry;

import io.jbuild.registry.http.HttpTransport;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Requests to one registry: its address, our authorization, at most one renewal of it per request,
 * redirects, and retries.
 */
final class RegistrySession {
  private static final int DRAINED = 64 * 1024;

  private final Origin origin;
  private final RegistrySettings settings;
  private final Redirects redirects;
  private final Retrier retrier;
  private final Authorizer authorizer;

  RegistrySession(
      String registry, Origin origin, RegistrySettings settings, HttpTransport transport) {
    this.origin = origin;
    this.settings = settings;
    this.redirects = new Redirects(transport, settings::verifies);
    this.retrier = new Retrier(settings);
    TokenEndpoint tokens = new TokenEndpoint(origin, redirects, retrier, settings);
    this.authorizer = new Authorizer(registry, settings, tokens);
  }

  Origin origin() {
    return origin;
  }

  Retrier retrier() {
    return retrier;
  }

  /** An address below {@code /v2/}; the parts were checked when they were parsed. */
  URI uri(String path) {
    return URI.create(origin + "/v2/" + path);
  }

  Request request(String method, URI uri) {
    return Request.of(method, uri)
        .with("User-Agent", settings.userAgent())
        .with("Accept-Encoding", "identity");
  }

  /**
   * Sends the request, again where that may help, and gives the answer if its status is one of
   * these.
   *
   * @throws RegistryException for any other status
   */
  Response call(Request request, Scope scope, int... expected) throws IOException {
    return retrier.run(request.toString(), () -> attempt(request, scope, expected));
  }

  /** The same in one attempt, for uploads: they first have to ask where they are. */
  Retrier.Outcome<Response> attempt(Request request, Scope scope, int... expected)
      throws IOException {
    Response response = authorized(request, scope);
    if (Arrays.stream(expected).anyMatch(status -> status == response.status())) {
      return Retrier.Outcome.done(response);
    }
    return Retrier.Outcome.failed(failure(request, response, settings));
  }

  private Response authorized(Request request, Scope scope) throws IOException {
    Optional<String> sent = authorizer.upfront(scope);
    Response response = redirects.send(request, sent);
    if (response.status() != 401 || !Origin.of(response.uri()).equals(origin)) {
      return response; // a challenge from elsewhere gets no answer
    }
    boolean answered = false;
    try {
      Optional<String> renewed = authorizer.answer(response, scope, sent);
      if (renewed.isEmpty()) {
        answered = true;
        return response;
      }
      response.beginning(DRAINED);
      response.close();
      answered = true;
      return redirects.send(request, renewed);
    } finally {
      if (!answered) {
        response.close();
      }
    }
  }

  /** Reads and closes an answer that is a failure. */
  static Failure failure(Request request, Response response, RegistrySettings settings) {
    Optional<Duration> asked =
        response
            .header("Retry-After")
            .flatMap(text -> RetryAfter.parse(text, settings.clock().now()));
    boolean temporary = Failure.isTemporary(response.status());
    return new Failure(ErrorAnswer.read(request, response), temporary, asked);
  }

  /** An answer that holds what it must not. */
  static RegistryException nonsense(Request request, String why) {
    return new RegistryException(request.toString(), Shown.line(why), null);
  }
}
