package io.jbuild.registry;

import io.jbuild.registry.http.HttpTransport;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.RefusedAddressException;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Follows redirects by hand. The Authorization header goes along only while scheme, host and port
 * stay what they were; once dropped it does not come back.
 */
final class Redirects {
  private static final int MAX = 10;
  private static final int DRAINED = 16 * 1024;
  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  private final HttpTransport transport;
  private final Predicate<Origin> verifies;

  Redirects(HttpTransport transport, Predicate<Origin> verifies) {
    this.transport = transport;
    this.verifies = verifies;
  }

  Response send(Request request, Optional<String> authorization) throws IOException {
    Request next = request;
    Optional<String> sent = authorization;
    for (int redirects = 0; redirects <= MAX; redirects++) {
      Origin here = Origin.of(next.uri());
      Request complete = sent.isEmpty() ? next : next.with("Authorization", sent.get());
      Response response = transport.send(complete, verifies.test(here));
      if (!STATUSES.contains(response.status())) {
        return response;
      }
      URI target = target(next, response, here);
      response.beginning(DRAINED); // so that its connection can be used again
      response.close();
      sent = Origin.of(target).equals(here) ? sent : Optional.empty();
      next = next.to(target);
    }
    throw new RefusedAddressException(request + ": more than " + MAX + " redirects");
  }

  private static URI target(Request request, Response response, Origin here) throws IOException {
    URI target = Addresses.resolve(request.uri(), response.header("Location").orElse(""));
    Origin there = Origin.of(target);
    if (here.isHttps() && !there.isHttps()) {
      throw refused(request, target, "leaves https");
    }
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    boolean keepsMethod = response.status() == 307 || response.status() == 308;
    if (!reads && !(keepsMethod && there.equals(here))) {
      throw refused(request, target, "an upload does not follow it");
    }
    return target;
  }

  private static RefusedAddressException refused(Request request, URI target, String why) {
    return new RefusedAddressException(
        request + ": redirect to " + Shown.quoted(Shown.address(target)) + ": " + why);
  }
}
