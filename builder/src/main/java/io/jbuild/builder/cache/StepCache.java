package io.jbuild.builder.cache;

import io.jbuild.oci.DiffId;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.store.RecordStore;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.Optional;

/**
 * The records of steps by key. What it answers can be used: the layer that a record names exists.
 */
public final class StepCache {
  private final RecordStore records;
  private final LayerCheck layers;

  /** Whether a layer is in the store. */
  @FunctionalInterface
  public interface LayerCheck {
    boolean has(DiffId layer) throws IOException;
  }

  public StepCache(RecordStore records, LayerCheck layers) {
    this.records = records;
    this.layers = layers;
  }

  /** The record of a step with this key, unless its layer is gone or the record cannot be read. */
  public Optional<StepRecord> find(StepKey key) throws IOException {
    Optional<byte[]> bytes = records.get(key.digest());
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    StepRecord record;
    try {
      record = StepRecord.fromJson(Json.readObject(bytes.get()));
    } catch (MalformedException e) {
      // A record of another version of ours: the step is taken again, and the record replaced.
      return Optional.empty();
    }
    // The fields, not only their digest: a hit is never an accident.
    if (!record.fields().equals(key.fields())) {
      return Optional.empty();
    }
    Optional<DiffId> layer = record.layer();
    return layer.isEmpty() || layers.has(layer.get()) ? Optional.of(record) : Optional.empty();
  }

  public void put(StepKey key, StepRecord record) throws IOException {
    records.put(key.digest(), Json.write(record.toJson()));
  }
}
