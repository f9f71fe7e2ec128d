package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.RefusedAddressException;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.RequestBody;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /v2/<name>/blobs/uploads/} and the sessions below it. */
final class UploadEndpoint {
  private static final int DRAINED = 64 * 1024;

  private final RegistrySession session;
  private final String repository;

  UploadEndpoint(RegistrySession session, String repository) {
    this.session = session;
    this.repository = repository;
  }

  /**
   * Where a session is, and what the registry has.
   *
   * @param minimumChunk what the registry asks chunks to have at least, or 0
   */
  record Session(URI location, long offset, long minimumChunk) {}

  Session start() throws IOException {
    Request request = post(session.uri(repository + "/blobs/uploads/"));
    try (Response response = session.call(request, Scope.push(repository), 202)) {
      response.beginning(DRAINED);
      return opened(request, response);
    }
  }

  /**
   * Asks for the blob of another repository of this registry.
   *
   * @return nothing if the registry says that it did, else the session that it opened instead
   */
  Optional<Session> mount(Descriptor blob, String from) throws IOException {
    URI uri = session.uri(repository + "/blobs/uploads/");
    uri = Addresses.withQuery(uri, "mount", blob.digest().toString());
    Request request = post(Addresses.withQuery(uri, "from", from));
    try (Response response = session.call(request, Scope.mount(repository, from), 201, 202)) {
      response.beginning(DRAINED);
      return response.status() == 201 ? Optional.empty() : Optional.of(opened(request, response));
    }
  }

  private Request post(URI uri) {
    return session.request("POST", uri);
  }

  private Session opened(Request request, Response response) throws IOException {
    long minimum = 0;
    Optional<String> asked = response.header("OCI-Chunk-Min-Length");
    if (asked.isPresent()) {
      minimum = number(asked.get()).orElse(0);
    }
    return new Session(location(request, response), 0, minimum);
  }

  /** The whole blob, or nothing when all of it was sent, and the end of the session. */
  Retrier.Outcome<Response> put(Session at, Descriptor blob, Optional<RequestBody> body)
      throws IOException {
    URI uri = Addresses.withQuery(at.location(), "digest", blob.digest().toString());
    Request request = session.request("PUT", uri).storing();
    if (body.isPresent()) {
      request = request.with("Content-Type", "application/octet-stream").body(body.get());
    }
    Retrier.Outcome<Response> outcome =
        session.attempt(request, Scope.push(repository), 201, 204, 200);
    Response response = outcome.value();
    if (response != null) {
      try (response) {
        Answers.requireDigest(request, response, blob.digest());
        response.beginning(DRAINED);
      }
    }
    return outcome;
  }

  /** One piece from the session's offset on; the session afterwards. */
  Retrier.Outcome<Session> patch(Session at, RequestBody body) throws IOException {
    long end = at.offset() + body.length();
    Request request =
        session
            .request("PATCH", at.location())
            .with("Content-Type", "application/octet-stream")
            .with("Content-Range", at.offset() + "-" + (end - 1))
            .body(body);
    Retrier.Outcome<Response> outcome =
        session.attempt(request, Scope.push(repository), 202, 204, 201);
    Response response = outcome.value();
    if (response == null) {
      return Retrier.Outcome.failed(java.util.Objects.requireNonNull(outcome.failure()));
    }
    try (response) {
      response.beginning(DRAINED);
      long received = end == 1 ? end : received(request, response).orElse(end);
      if (received > end) {
        throw RegistrySession.nonsense(
            request, "the registry has " + received + " bytes, only " + end + " were sent");
      }
      URI next = location(request, response);
      return Retrier.Outcome.done(new Session(next, received, at.minimumChunk()));
    }
  }

  /** Asks how much of an upload arrived; nothing when the registry forgot it. */
  Optional<Session> status(Session at) throws IOException {
    Request request = session.request("GET", at.location());
    try (Response response =
        session.call(request, Scope.push(repository), 204, 200, 202, 400, 404, 405, 416)) {
      response.beginning(DRAINED);
      OptionalLong received = received(request, response);
      if (response.status() >= 400 || received.isEmpty()) {
        return Optional.empty();
      }
      URI next =
          response.header("Location").isPresent() ? location(request, response) : at.location();
      return Optional.of(new Session(next, received.getAsLong(), at.minimumChunk()));
    }
  }

  /** Frees what the registry keeps of an upload that will not be finished; its answer is moot. */
  void cancel(Session at) {
    Request request = session.request("DELETE", at.location());
    try {
      Response response = session.attempt(request, Scope.push(repository), 204).value();
      if (response != null) {
        response.close();
      }
    } catch (IOException e) {
      return; // the registry drops abandoned sessions by itself
    }
  }

  /**
   * {@code Range: 0-<last byte>}. "0-0" is taken for an empty upload: distribution says so for none
   * as for one byte, and sending a byte again is answered by 416.
   */
  private static OptionalLong received(Request request, Response response)
      throws RegistryException {
    Optional<String> range = response.header("Range");
    if (range.isEmpty()) {
      return OptionalLong.empty();
    }
    String text = range.get().startsWith("bytes=") ? range.get().substring(6) : range.get();
    OptionalLong last = text.startsWith("0-") ? number(text.substring(2)) : OptionalLong.empty();
    if (last.isEmpty()) {
      throw RegistrySession.nonsense(request, "Range " + Shown.quoted(range.get()));
    }
    long end = last.getAsLong();
    return OptionalLong.of(end == 0 ? 0 : end + 1);
  }

  private static OptionalLong number(String text) {
    String digits = text.strip();
    boolean valid =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return valid ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
  }

  /** Uploads stay where they began: content and authorization go to the registry's origin only. */
  private URI location(Request request, Response response) throws IOException {
    URI location = Addresses.resolve(response.uri(), response.header("Location").orElse(""));
    if (!Origin.of(location).equals(session.origin())) {
      throw new RefusedAddressException(
          request
              + ": the upload is to go to "
              + Shown.quoted(Origin.of(location).toString())
              + ", not to the registry; if that is its own name, its configuration must say so");
    }
    return location;
  }
}
