package io.jbuild.registry;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.RefusedAddressException;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /v2/<name>/tags/list}, page by page. */
final class TagsEndpoint {
  private static final int MAX_PAGE = 4 << 20;
  private static final int MAX_PAGES = 1000;
  private static final int MAX_TAGS = 200_000;

  private final RegistrySession session;
  private final String repository;

  TagsEndpoint(RegistrySession session, String repository) {
    this.session = session;
    this.repository = repository;
  }

  List<String> list() throws IOException {
    List<String> tags = new ArrayList<>();
    Set<URI> seen = new HashSet<>();
    Optional<URI> page = Optional.of(session.uri(repository + "/tags/list"));
    while (page.isPresent()) {
      Request request = session.request("GET", page.get()).with("Accept", "application/json");
      if (!seen.add(page.get()) || seen.size() > MAX_PAGES || tags.size() > MAX_TAGS) {
        throw RegistrySession.nonsense(request, "the list of tags does not end");
      }
      page = read(request, tags);
    }
    return List.copyOf(tags);
  }

  private Optional<URI> read(Request request, List<String> tags) throws IOException {
    try (Response response = session.call(request, Scope.pull(repository), 200)) {
      tags.addAll(Json.readObject(response.bytes(MAX_PAGE)).strings("tags"));
      return next(request, response);
    } catch (MalformedException e) {
      throw new RegistryException(request.toString(), String.valueOf(e.getMessage()), e);
    }
  }

  /** {@code Link: </v2/…>; rel="next"} (RFC 8288). */
  private Optional<URI> next(Request request, Response response) throws IOException {
    String link = response.header("Link").orElse("");
    int end = link.indexOf('>');
    if (!link.startsWith("<") || end < 0 || !link.substring(end).contains("next")) {
      return Optional.empty();
    }
    URI uri = Addresses.resolve(response.uri(), link.substring(1, end));
    if (!Origin.of(uri).equals(session.origin())) {
      throw new RefusedAddressException(request + ": its next page is on another host");
    }
    return Optional.of(uri);
  }
}
