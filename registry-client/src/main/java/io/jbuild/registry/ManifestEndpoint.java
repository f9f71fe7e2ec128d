package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.ManifestOrIndex;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.http.BodyTooLongException;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.RequestBody;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /v2/<name>/manifests/<reference>}. */
final class ManifestEndpoint {
  static final int MAX_BYTES = 4 << 20;
  private static final String ACCEPT =
      String.join(
          ", ",
          List.of(
              MediaTypes.OCI_INDEX,
              MediaTypes.OCI_MANIFEST,
              MediaTypes.DOCKER_INDEX,
              MediaTypes.DOCKER_MANIFEST));

  private final RegistrySession session;
  private final String repository;

  ManifestEndpoint(RegistrySession session, String repository) {
    this.session = session;
    this.repository = repository;
  }

  /** What a tag or digest names; the digest, if that is what was asked for, is verified. */
  Document get(String tagOrDigest) throws IOException {
    Request request = request("GET", tagOrDigest);
    Document document =
        session
            .retrier()
            .run(
                request.toString(),
                () -> {
                  Retrier.Outcome<Response> outcome =
                      session.attempt(request, Scope.pull(repository), 200);
                  Response response = outcome.value();
                  return response == null
                      ? Retrier.Outcome.failed(java.util.Objects.requireNonNull(outcome.failure()))
                      : Retrier.Outcome.done(read(request, response, tagOrDigest));
                });
    return document;
  }

  /** The document that a descriptor points to; type, size and digest are the descriptor's. */
  Document get(Descriptor expected) throws IOException {
    if (expected.size() > MAX_BYTES) {
      throw new MalformedException(
          "manifest " + expected + ": larger than the limit of " + MAX_BYTES + " bytes");
    }
    Document document = get(expected.digest().toString());
    Descriptor found = document.descriptor();
    if (found.size() != expected.size() || !found.mediaType().equals(expected.mediaType())) {
      Request request = request("GET", expected.digest().toString());
      throw RegistrySession.nonsense(
          request,
          "found "
              + found.mediaType()
              + " of "
              + found.size()
              + " bytes, expected "
              + expected.mediaType()
              + " of "
              + expected.size());
    }
    return document;
  }

  private Document read(Request request, Response response, String tagOrDigest) throws IOException {
    try (response) {
      Answers.requirePlain(request, response);
      String type = mediaType(request, response);
      byte[] bytes = bytes(request, response);
      Digest digest = verify(request, response, tagOrDigest, bytes);
      return new Document(
          Descriptor.of(type, digest, bytes.length), bytes, ManifestOrIndex.read(bytes, type));
    } catch (MalformedException e) {
      throw new RegistryException(request.toString(), String.valueOf(e.getMessage()), e);
    }
  }

  private static byte[] bytes(Request request, Response response) throws IOException {
    OptionalLong announced = response.contentLength();
    if (announced.isPresent() && announced.getAsLong() > MAX_BYTES) {
      throw new BodyTooLongException(
          request + ": " + announced.getAsLong() + " bytes, the limit is " + MAX_BYTES);
    }
    return response.bytes(MAX_BYTES);
  }

  private static String mediaType(Request request, Response response) throws RegistryException {
    String text = response.header("Content-Type").orElse("");
    String type = text.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (MediaTypes.isManifest(type) || MediaTypes.isIndex(type)) {
      return type;
    }
    if (type.startsWith("application/vnd.docker.distribution.manifest.v1+")) {
      throw RegistrySession.nonsense(request, "a manifest of Docker's schema 1; push it anew");
    }
    String hint = type.equals("text/html") ? " (is there a login page or proxy in between?)" : "";
    throw RegistrySession.nonsense(
        request, "the answer is " + Shown.quoted(type) + ", not a manifest" + hint);
  }

  private static Digest verify(Request request, Response response, String tagOrDigest, byte[] bytes)
      throws IOException {
    Optional<String> header = response.header(Answers.CONTENT_DIGEST);
    boolean pinned = tagOrDigest.indexOf(':') >= 0;
    Digest.Algorithm algorithm =
        pinned ? Digest.parse(tagOrDigest).algorithm() : Digest.Algorithm.SHA256;
    Digest found = Digest.of(algorithm, bytes);
    if (pinned && !found.toString().equals(tagOrDigest)) {
      throw RegistrySession.nonsense(
          request, "the manifest has digest " + found + ", expected " + tagOrDigest);
    }
    if (header.isPresent()) {
      Digest said = Digest.parse(header.get());
      if (!Digest.of(said.algorithm(), bytes).equals(said)) {
        throw RegistrySession.nonsense(
            request, "announced as " + said + " but the manifest has digest " + found);
      }
    }
    return found;
  }

  /** Type, digest and size of what is there, as the registry says; unverified. */
  Optional<Descriptor> head(String tagOrDigest) throws IOException {
    Request request = request("HEAD", tagOrDigest);
    try (Response response = session.call(request, Scope.pull(repository), 200, 404)) {
      if (response.status() == 404) {
        return Optional.empty();
      }
      String type = mediaType(request, response);
      Optional<String> digest = response.header(Answers.CONTENT_DIGEST);
      OptionalLong size = response.contentLength();
      if (digest.isEmpty() || size.isEmpty()) {
        return Optional.of(get(tagOrDigest).descriptor()); // both headers are optional
      }
      if (tagOrDigest.indexOf(':') >= 0 && !digest.get().equals(tagOrDigest)) {
        throw RegistrySession.nonsense(request, "announced as " + digest.get());
      }
      return Optional.of(Descriptor.of(type, Digest.parse(digest.get()), size.getAsLong()));
    }
  }

  /** Stores the document under a tag or its own digest. */
  void put(Document document, String tagOrDigest) throws IOException {
    Request request =
        request("PUT", tagOrDigest)
            .with("Content-Type", document.descriptor().mediaType())
            .body(RequestBody.of(document.bytes()))
            .storing();
    try (Response response = session.call(request, Scope.push(repository), 201, 200, 202)) {
      Answers.requireDigest(request, response, document.descriptor().digest());
      response.beginning(MAX_BYTES);
    }
  }

  private Request request(String method, String tagOrDigest) {
    return session
        .request(method, session.uri(repository + "/manifests/" + tagOrDigest))
        .with("Accept", ACCEPT);
  }
}
