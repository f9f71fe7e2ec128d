package io.jbuild.registry.http;

import java.time.Duration;

/**
 * How long to wait for what.
 *
 * @param connect until a connection, TLS included, is open
 * @param response from the end of the request to the end of the response's header
 * @param store the same for a request that makes the registry store or move what was uploaded;
 *     large blobs take registries minutes
 * @param idle between two pieces of a body, in either direction
 */
public record Timeouts(Duration connect, Duration response, Duration store, Duration idle) {
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofSeconds(60));

  public Timeouts {
    for (Duration each : new Duration[] {connect, response, store, idle}) {
      if (each.isZero() || each.isNegative()) {
        throw new IllegalArgumentException("timeout " + each);
      }
    }
  }
}
