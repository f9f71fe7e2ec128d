package io.jbuild.builder.web;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.registry.WebClient;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Fetches files into the store. The calling thread waits; the build's cancellation ends that, with
 * a {@link java.util.concurrent.CancellationException}.
 */
public final class WebFiles {
  /** As many bytes as a layer may have. */
  private static final long MAX_BYTES = ApplyLimits.DEFAULT.bytes();

  private final Stores stores;
  private final Supplier<WebClient> client;
  private final WebCredentials credentials;
  private final WebRecords records;
  private final Cancellation cancellation;

  /**
   * @param client made when it is first needed
   */
  public WebFiles(
      Stores stores,
      Supplier<WebClient> client,
      WebCredentials credentials,
      Cancellation cancellation,
      Consumer<String> warnings) {
    this.stores = stores;
    this.client = client;
    this.credentials = credentials;
    this.records = new WebRecords(stores, warnings);
    this.cancellation = cancellation;
  }

  /** Whichever file the server has now. */
  public WebFile fetch(ContextSource.Http source) throws IOException, UserException {
    return fetch(source, Optional.empty(), MAX_BYTES);
  }

  /**
   * The file with this checksum; one of this address that is known to have it costs no request.
   *
   * @throws UserException if the server has another
   */
  public WebFile fetch(ContextSource.Http source, Optional<Checksum> expected)
      throws IOException, UserException {
    return fetch(source, expected, MAX_BYTES);
  }

  /** A file of at most {@code limit} bytes. */
  public WebFile fetch(ContextSource.Http source, long limit) throws IOException, UserException {
    return fetch(source, Optional.empty(), limit);
  }

  private WebFile fetch(ContextSource.Http source, Optional<Checksum> expected, long limit)
      throws IOException, UserException {
    URI address = source.withoutLogin();
    Optional<WebRecord> known = records.find(address.toString());
    if (expected.isPresent() && known.filter(each -> each.has(expected.get())).isPresent()) {
      return known.get().file();
    }
    Optional<String> authorization = credentials.authorization(source.address());
    WebRecord record =
        new Fetch(stores, cancellation, source, address, known, expected, limit)
            .run(client.get(), authorization);
    if (!known.equals(Optional.of(record))) {
      records.put(record);
    }
    return record.file();
  }
}
