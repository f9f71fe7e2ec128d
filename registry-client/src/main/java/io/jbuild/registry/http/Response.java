package io.jbuild.registry.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/** Status and header of an answer, and its body while it arrives. Whoever got it closes it. */
public record Response(URI uri, int status, HttpHeaders headers, BodyStream body)
    implements Closeable {

  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** The announced length, when the server gave one that is a number. */
  public OptionalLong contentLength() throws IOException {
    Optional<String> text = header("Content-Length");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text.get()));
    } catch (NumberFormatException e) {
      throw new IOException("Content-Length " + Shown.quoted(text.get()) + ": not a number", e);
    }
  }

  /**
   * The whole body.
   *
   * @throws BodyTooLongException if it is longer than {@code limit} bytes
   */
  public byte[] bytes(int limit) throws IOException {
    byte[] bytes = body.readNBytes(limit + 1);
    if (bytes.length > limit) {
      body.close();
      throw new BodyTooLongException(
          "GET " + Shown.address(uri) + ": answer longer than " + limit + " bytes");
    }
    return bytes;
  }

  /** Reads at most {@code limit} bytes, for what is only shown, and lets go of the rest. */
  public byte[] beginning(int limit) throws IOException {
    byte[] bytes = body.readNBytes(limit);
    if (bytes.length == limit) {
      body.close();
    }
    return bytes;
  }

  @Override
  public void close() {
    body.close();
  }
}
