package io.jbuild.registry;

import io.jbuild.oci.Digest;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.util.Optional;

/** Checks of headers that several endpoints share. */
final class Answers {
  static final String CONTENT_DIGEST = "Docker-Content-Digest";

  private Answers() {}

  /** Digests are over the bytes as stored; an encoded body would be something else. */
  static void requirePlain(Request request, Response response) throws RegistryException {
    Optional<String> encoding = response.header("Content-Encoding");
    if (encoding.isPresent() && !encoding.get().equalsIgnoreCase("identity")) {
      throw RegistrySession.nonsense(
          request, "the answer has Content-Encoding " + Shown.quoted(encoding.get()));
    }
  }

  /** What the registry says it stored is what we sent. */
  static void requireDigest(Request request, Response response, Digest sent) throws IOException {
    Optional<String> stored = response.header(CONTENT_DIGEST);
    if (stored.isEmpty()) {
      return;
    }
    Digest digest = Digest.parse(stored.get());
    if (digest.algorithm() == sent.algorithm() && !digest.equals(sent)) {
      throw RegistrySession.nonsense(
          request, "the registry stored " + digest + ", but " + sent + " was sent");
    }
  }
}
