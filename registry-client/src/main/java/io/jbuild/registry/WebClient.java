package io.jbuild.registry;

import io.jbuild.registry.http.HttpTransport;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches files from servers that are no registries, with the same walls: no way from https to
 * http, credentials for one origin alone, bounded redirects, retries and times.
 */
public final class WebClient {
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;

  private final RegistrySettings settings;
  private final Redirects redirects;
  private final Retrier retrier;

  /**
   * @param settings of which the credentials are not used
   */
  public WebClient(RegistrySettings settings) {
    this.settings = settings;
    HttpTransport transport =
        new HttpTransport(settings.timeouts(), settings.proxies().orElse(null));
    this.redirects = new Redirects(transport, settings::verifies);
    this.retrier = new Retrier(settings);
  }

  /** Takes an answer while it arrives. */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * Reads the answer, whose status is 200 or 304, from its beginning; called again after a
     * failure that another attempt may mend. It need not close it.
     */
    T read(Response response) throws IOException;
  }

  /**
   * Gets a file.
   *
   * @param address without user information
   * @param headers beside those that every request has
   * @param authorization value of that header, which no other origin gets
   * @throws RegistryException for any status but 200 and 304
   */
  public <T> T get(
      URI address, Map<String, String> headers, Optional<String> authorization, Reader<T> reader)
      throws IOException {
    Request request =
        Request.of("GET", address)
            .with("User-Agent", settings.userAgent())
            .with("Accept-Encoding", "identity");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      request = request.with(header.getKey(), header.getValue());
    }
    Request complete = request;
    return retrier.run(request.toString(), () -> attempt(complete, authorization, reader));
  }

  private <T> Retrier.Outcome<T> attempt(
      Request request, Optional<String> authorization, Reader<T> reader) throws IOException {
    try (Response response = redirects.send(request, authorization)) {
      if (response.status() == OK || response.status() == NOT_MODIFIED) {
        return Retrier.Outcome.done(reader.read(response));
      }
      return Retrier.Outcome.failed(failure(request, response));
    }
  }

  private Failure failure(Request request, Response response) {
    int status = response.status();
    String asked = Shown.address(request.uri());
    String answered = Shown.address(response.uri());
    String where = asked.equals(answered) ? "" : " from " + answered;
    RegistryException said =
        new RegistryException(
            request.toString(),
            status,
            List.of(),
            status + " " + ErrorAnswer.name(status) + where,
            null);
    return new Failure(
        said,
        Failure.isTemporary(status),
        response
            .header("Retry-After")
            .flatMap(text -> RetryAfter.parse(text, settings.clock().now())));
  }
}
