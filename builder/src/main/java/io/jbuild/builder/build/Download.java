package io.jbuild.builder.build;

import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.copy.CopyInput;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.store.Stores;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.Digest;
import io.jbuild.oci.store.BlobIngest;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.EnvironmentProxies;
import io.jbuild.registry.http.HttpTransport;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/** ADD of a URL: the file is fetched into the store, under its digest, and copied from there. */
final class Download {
  private static final int OK = 200;
  private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTIONS = 10;
  private static final int PRIVATE_FILE = 0600;

  /** A tree over the directory of blobs. */
  @FunctionalInterface
  interface BlobTree {
    SourceTree get() throws IOException;
  }

  private final Stores stores;
  private final BlobTree blobs;

  Download(Stores stores, BlobTree blobs) {
    this.stores = stores;
    this.blobs = blobs;
  }

  /**
   * Fetches a file.
   *
   * @param checksum of {@code --checksum}: a file with it that is in the store is not fetched again
   */
  CopyInput fetch(URI address, Optional<String> checksum, Origin origin)
      throws IOException, BuildfileException {
    Optional<Digest> expected = digest(checksum, origin);
    if (expected.isPresent() && stores.blobs().has(expected.get())) {
      return input(expected.get(), address, Timestamp.EPOCH);
    }
    try (Response response = get(address, origin)) {
      if (response.status() != OK) {
        throw origin.error("cannot fetch " + shown(address) + ": status " + response.status());
      }
      return input(keep(response.body(), expected, address, origin), address, modified(response));
    }
  }

  /** Follows redirections, but never from an encrypted connection to one that is not. */
  private static Response get(URI address, Origin origin) throws IOException, BuildfileException {
    HttpTransport transport =
        new HttpTransport(Timeouts.DEFAULT, EnvironmentProxies.of(System.getenv()).orElse(null));
    URI next = address;
    for (int i = 0; i < MOST_REDIRECTIONS; i++) {
      Response response = send(transport, next, address, origin);
      Optional<String> location = response.header("Location");
      if (!REDIRECTIONS.contains(response.status()) || location.isEmpty()) {
        return response;
      }
      response.close();
      URI target = next.resolve(parse(location.get(), origin));
      if (!isHttp(target) || (isEncrypted(next) && !isEncrypted(target))) {
        throw origin.error(
            "cannot fetch " + shown(address) + ": it is redirected to " + shown(target));
      }
      next = target;
    }
    throw origin.error("cannot fetch " + shown(address) + ": too many redirections");
  }

  private static Response send(HttpTransport transport, URI next, URI address, Origin origin)
      throws IOException, BuildfileException {
    try {
      return transport.send(Request.of("GET", next).with("User-Agent", "jbuild"), true);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      BuildfileException error =
          origin.error("cannot fetch " + shown(address) + ": " + HttpTransport.reason(e));
      error.initCause(e);
      throw error;
    }
  }

  private static boolean isHttp(URI address) {
    return "http".equalsIgnoreCase(address.getScheme()) || isEncrypted(address);
  }

  private static boolean isEncrypted(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  private Digest keep(InputStream body, Optional<Digest> expected, URI address, Origin origin)
      throws IOException, BuildfileException {
    Digest.Algorithm algorithm = expected.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    try (BlobIngest ingest = stores.blobs().begin(algorithm)) {
      body.transferTo(ingest);
      Digest found = ingest.commit();
      if (expected.isPresent() && !expected.get().equals(found)) {
        throw origin.error(
            shown(address) + " has the digest " + found + ", expected " + expected.get());
      }
      return found;
    }
  }

  private CopyInput input(Digest content, URI address, Timestamp modified) throws IOException {
    TreePath path = TreePath.parse("/" + content.algorithm().id() + "/" + content.hex());
    return new CopyInput.Fetched(blobs.get(), path, name(address), PRIVATE_FILE, modified);
  }

  private static String name(URI address) {
    String path = Optional.ofNullable(address.getPath()).orElse("");
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.isEmpty() || name.equals(".") || name.equals("..") ? "__unnamed__" : name;
  }

  /** Without credentials, which a URL may have. */
  private static String shown(URI address) {
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return address.getScheme() + "://" + address.getHost() + port + address.getPath();
  }

  private static URI parse(String url, Origin origin) throws BuildfileException {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw origin.error("not a URL: " + e.getMessage());
    }
  }

  private static Optional<Digest> digest(Optional<String> checksum, Origin origin)
      throws BuildfileException {
    if (checksum.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.parse(checksum.get()));
    } catch (MalformedException e) {
      throw origin.error("--checksum: " + e.getMessage());
    }
  }

  private static Timestamp modified(Response response) {
    Optional<String> header = response.header("Last-Modified");
    if (header.isEmpty()) {
      return Timestamp.EPOCH;
    }
    try {
      return Timestamp.ofSeconds(
          ZonedDateTime.parse(header.get(), DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond());
    } catch (DateTimeException e) {
      return Timestamp.EPOCH; // a date that cannot be read is none
    }
  }
}
