package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import java.io.IOException;
import java.util.OptionalLong;

/** {@code /v2/<name>/blobs/<digest>}. */
final class BlobEndpoint {
  private final RegistrySession session;
  private final String repository;

  BlobEndpoint(RegistrySession session, String repository) {
    this.session = session;
    this.repository = repository;
  }

  /** Whether the registry has the blob, with the size that it must have. */
  boolean exists(Descriptor blob, Scope scope) throws IOException {
    Request request = session.request("HEAD", session.uri(path(blob)));
    try (Response response = session.call(request, scope, 200, 404)) {
      if (response.status() == 404) {
        return false;
      }
      OptionalLong size = response.contentLength();
      if (size.isPresent() && size.getAsLong() != blob.size()) {
        throw RegistrySession.nonsense(
            request,
            "the registry has " + size.getAsLong() + " bytes of it, expected " + blob.size());
      }
      return true;
    }
  }

  BlobStream open(Descriptor blob, TransferListener listener) throws IOException {
    Request request = request(blob);
    BlobStream stream = new BlobStream(blob, this, listener, request, session.retrier());
    try {
      stream.begin();
      return stream;
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  Request request(Descriptor blob) {
    return session.request("GET", session.uri(path(blob)));
  }

  /** A body from some offset on; {@code skip} bytes of it are before the offset. */
  record Part(Response response, long skip) {}

  /**
   * Opens the blob at an offset. Always at the registry itself: the address that it redirected to
   * may have expired. Whatever does not answer the range exactly is read from the start instead.
   */
  Part from(Descriptor blob, long offset) throws IOException {
    if (offset > 0) {
      Request ranged = request(blob).with("Range", "bytes=" + offset + "-");
      Response response = session.call(ranged, Scope.pull(repository), 200, 206, 416);
      if (response.status() == 206 && isExactly(response, offset, blob.size())) {
        return checked(ranged, new Part(response, 0), blob.size() - offset);
      }
      if (response.status() == 200) {
        return checked(ranged, new Part(response, offset), blob.size());
      }
      response.close();
    }
    Request whole = request(blob);
    Response response = session.call(whole, Scope.pull(repository), 200);
    return checked(whole, new Part(response, offset), blob.size());
  }

  private static boolean isExactly(Response response, long offset, long size) {
    String range = response.header("Content-Range").orElse("").strip();
    String end = offset + "-" + (size - 1) + "/";
    return range.equals("bytes " + end + size) || range.equals("bytes " + end + "*");
  }

  private static Part checked(Request request, Part part, long expected) throws IOException {
    Response response = part.response();
    boolean right = false;
    try {
      Answers.requirePlain(request, response);
      OptionalLong announced = response.contentLength();
      if (announced.isPresent() && announced.getAsLong() != expected) {
        throw RegistrySession.nonsense(
            request, "announced " + announced.getAsLong() + " bytes, expected " + expected);
      }
      right = true;
      return part;
    } finally {
      if (!right) {
        response.close();
      }
    }
  }

  private String path(Descriptor blob) {
    return repository + "/blobs/" + blob.digest();
  }
}
