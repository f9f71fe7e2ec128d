package io.jbuild.builder.web;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.store.Stores;
import io.jbuild.oci.Digest;
import io.jbuild.registry.WebClient;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** One file on its way; {@link WebFiles} makes one for each. */
final class Fetch {
  private static final int NOT_MODIFIED = 304;

  private final Stores stores;
  private final Cancellation cancellation;
  private final ContextSource.Http source;
  private final URI address;
  private final Optional<WebRecord> known;
  private final Optional<Checksum> expected;
  private final long limit;

  /**
   * @param address without a login
   * @param known what is in the store from an earlier fetch
   */
  Fetch(
      Stores stores,
      Cancellation cancellation,
      ContextSource.Http source,
      URI address,
      Optional<WebRecord> known,
      Optional<Checksum> expected,
      long limit) {
    this.stores = stores;
    this.cancellation = cancellation;
    this.source = source;
    this.address = address;
    this.known = known;
    this.expected = expected;
    this.limit = limit;
  }

  /**
   * What an answer told.
   *
   * @param record of what is in the store; empty when another file came than was asked for
   * @param found the checksum of what came; empty when nothing did, or none was asked for
   */
  private record Answer(Optional<WebRecord> record, Optional<Checksum> found) {}

  WebRecord run(WebClient client, Optional<String> authorization)
      throws IOException, UserException {
    Answer answer = answer(client, authorization);
    if (answer.record().isEmpty()) {
      throw wrong(answer.found().map(Checksum::toString).orElse(""));
    }
    WebRecord record = answer.record().get();
    return expected.isPresent() && !record.has(expected.get())
        ? verified(record, expected.get())
        : record;
  }

  private Answer answer(WebClient client, Optional<String> authorization) throws IOException {
    Map<String, String> conditions = known.map(WebRecord::conditions).orElse(Map.of());
    Cancellation.Interruption interruption = cancellation.interrupting();
    try (interruption) {
      return client.get(address, conditions, authorization, this::read);
    } catch (InterruptedIOException e) {
      cancellation.check();
      throw e;
    } catch (IOException e) {
      String said = String.valueOf(e.getMessage());
      String request = Request.of("GET", address) + ": ";
      String why = said.startsWith(request) ? said.substring(request.length()) : said;
      throw new IOException("cannot fetch " + source + ": " + why, e);
    }
  }

  private Answer read(Response response) throws IOException {
    if (response.status() == NOT_MODIFIED) {
      return new Answer(Optional.of(unchanged()), Optional.empty());
    }
    if (known.isPresent() && known.get().isStillMeantBy(response)) {
      return new Answer(known, Optional.empty());
    }
    Optional<Digest> here = expected.flatMap(Checksum::asContent);
    if (here.isPresent() && stores.blobs().has(here.get())) {
      // It came from elsewhere before: only what is said of it is still to be learned.
      return new Answer(
          Optional.of(WebRecord.unseen(address.toString(), here.get(), response)),
          Optional.empty());
    }
    Arrival.Kept kept = new Arrival(stores, cancellation, expected, limit).keep(response);
    String checksum = kept.checksum().map(Checksum::toString).orElse("");
    return new Answer(
        kept.content()
            .map(content -> WebRecord.of(address.toString(), content, response, checksum)),
        kept.checksum());
  }

  private WebRecord unchanged() throws IOException {
    return known.orElseThrow(
        () -> new IOException("the server says that a file is unchanged that it never sent"));
  }

  /** What was here already may have a checksum of another algorithm than it is kept by. */
  private WebRecord verified(WebRecord record, Checksum wanted) throws IOException, UserException {
    if (wanted.asContent().isPresent()) {
      throw wrong(record.content().toString());
    }
    Checksum found;
    try (InputStream content = stores.blobs().open(record.content())) {
      found = wanted.of(content);
    }
    if (!found.equals(wanted)) {
      throw wrong(found.toString());
    }
    return record.withChecksum(found);
  }

  private UserException wrong(String found) {
    return new UserException(
        source + " has the checksum " + found + ", expected " + expected.orElseThrow(),
        "if it was meant to change, change the checksum");
  }
}
