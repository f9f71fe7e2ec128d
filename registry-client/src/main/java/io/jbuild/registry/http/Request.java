package io.jbuild.registry.http;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request as data. Its header values hold no line breaks; the HTTP client checks that too. */
public record Request(
    String method, URI uri, Map<String, String> headers, @Nullable RequestBody body, Waits waits) {

  /** Which of the {@link Timeouts} applies to the answer. */
  public enum Waits {
    RESPONSE,
    STORE
  }

  public Request {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  public static Request of(String method, URI uri) {
    return new Request(method, uri, Map.of(), null, Waits.RESPONSE);
  }

  public Request to(URI other) {
    return new Request(method, other, headers, body, waits);
  }

  public Request with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Request(method, uri, more, body, waits);
  }

  public Request body(RequestBody sent) {
    return new Request(method, uri, headers, sent, waits);
  }

  public Request storing() {
    return new Request(method, uri, headers, body, Waits.STORE);
  }

  /** Method and redacted address, for messages. */
  @Override
  public String toString() {
    return method + " " + Shown.address(uri);
  }
}
