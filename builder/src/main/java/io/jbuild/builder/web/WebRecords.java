package io.jbuild.builder.web;

import io.jbuild.builder.store.Stores;
import io.jbuild.oci.Digest;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.store.AtomicFiles;
import io.jbuild.oci.store.RecordStore;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** The last record of each address. */
final class WebRecords {
  private static final String AREA = "web";

  private final Stores stores;
  private final Consumer<String> warnings;

  WebRecords(Stores stores, Consumer<String> warnings) {
    this.stores = stores;
    this.warnings = warnings;
  }

  /** A record whose content is in the store. */
  Optional<WebRecord> find(String address) throws IOException {
    Optional<byte[]> bytes = records().get(key(address));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      WebRecord record = WebRecord.fromJson(Json.readObject(bytes.get()));
      return record.address().equals(address) && stores.blobs().has(record.content())
          ? Optional.of(record)
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty(); // of another version of ours: it is fetched again, and replaced
    }
  }

  void put(WebRecord record) throws IOException {
    records().put(key(record.address()), Json.write(record.toJson()));
  }

  private RecordStore records() throws IOException {
    return new RecordStore(stores.root().area(AREA), AtomicFiles.Durability.LAZY, warnings);
  }

  private static Digest key(String address) {
    return Digest.sha256(address.getBytes(StandardCharsets.UTF_8));
  }
}
