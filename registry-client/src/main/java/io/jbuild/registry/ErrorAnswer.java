package io.jbuild.registry;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns an answer that is an error into words: its {@code errors} list, or its status alone. */
final class ErrorAnswer {
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_CODES = 5;
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(400, "bad request"),
          Map.entry(401, "unauthorized"),
          Map.entry(403, "denied"),
          Map.entry(404, "not found"),
          Map.entry(405, "method not allowed"),
          Map.entry(408, "request timeout"),
          Map.entry(413, "too large"),
          Map.entry(416, "range not satisfiable"),
          Map.entry(429, "too many requests"),
          Map.entry(500, "internal error"),
          Map.entry(502, "bad gateway"),
          Map.entry(503, "unavailable"),
          Map.entry(504, "gateway timeout"));

  private ErrorAnswer() {}

  /** Reads and closes the answer. */
  static RegistryException read(Request request, Response response) {
    List<RegistryException.Code> codes = List.of();
    try (response) {
      codes = codes(response.beginning(MAX_BODY));
    } catch (IOException e) {
      // The body only explains; the status stands without it.
      codes = List.of(new RegistryException.Code("", "(its body cannot be read)", ""));
    }
    StringBuilder said = new StringBuilder();
    said.append(response.status()).append(' ').append(name(response.status()));
    codes.forEach(code -> said.append(": ").append(code));
    requestId(response).ifPresent(id -> said.append(" [request ").append(id).append(']'));
    advice(request, response.status()).ifPresent(advice -> said.append("; ").append(advice));
    String where = request.method() + " " + Shown.address(response.uri());
    return new RegistryException(where, response.status(), codes, said.toString(), null);
  }

  static String name(int status) {
    return NAMES.getOrDefault(status, "unexpected status");
  }

  private static List<RegistryException.Code> codes(byte[] body) {
    try {
      List<RegistryException.Code> found = new ArrayList<>();
      JsonObject answer = Json.readObject(body);
      for (JsonValue error : answer.list("errors", value -> value)) {
        if (found.size() < MAX_CODES) {
          found.add(code(error.asObject()));
        }
      }
      return found.isEmpty() ? loose(answer) : found;
    } catch (MalformedException e) {
      return List.of(); // a proxy's page, or no body: nothing worth showing
    }
  }

  /** Token servers answer with sentences under names of their own. */
  private static List<RegistryException.Code> loose(JsonObject answer) {
    for (String name : List.of("error_description", "details", "message", "error")) {
      Optional<JsonValue> said = answer.find(name);
      if (said.isPresent() && said.get() instanceof JsonValue.Text text) {
        return List.of(new RegistryException.Code("", Shown.line(text.value()), ""));
      }
    }
    return List.of();
  }

  private static RegistryException.Code code(JsonObject error) throws MalformedException {
    Optional<JsonValue> detail = error.find("detail");
    String shown = "";
    if (detail.isPresent()) {
      shown =
          detail.get() instanceof JsonValue.Text text
              ? text.value()
              : Json.writeString(detail.get());
    }
    return new RegistryException.Code(
        Shown.line(error.stringOrEmpty("code")),
        Shown.line(error.stringOrEmpty("message")),
        shown.equals("{}") ? "" : Shown.line(shown));
  }

  private static Optional<String> requestId(Response response) {
    return response
        .header("X-Request-Id")
        .or(() -> response.header("X-Amzn-RequestId"))
        .or(() -> response.header("X-Ms-Correlation-Request-Id"))
        .map(id -> io.jbuild.oci.text.Printable.limit(id, 64));
  }

  private static Optional<String> advice(Request request, int status) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    return switch (status) {
      case 401, 403 -> Optional.of("log in, or check the repository name");
      case 404 ->
          Optional.of(
              reads ? "check the repository name and the tag" : "does the repository exist?");
      case 413 -> Optional.of("the registry, or a proxy before it, limits the size of uploads");
      case 429 -> Optional.of("the registry limits requests; logging in may raise the limit");
      default -> Optional.empty();
    };
  }
}
