package io.jbuild.builder.cache;

import io.jbuild.linux.LockFile;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.store.RecordStore;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The records of steps by key. What it answers can be used: the layer that a record names exists.
 */
public final class StepCache {
  private final RecordStore records;
  private final LayerCheck layers;
  private final Path lock;

  /** Whether a layer is in the store. */
  @FunctionalInterface
  public interface LayerCheck {
    boolean has(DiffId layer) throws IOException;
  }

  /**
   * @param lock a file that writers of this store lock
   */
  public StepCache(RecordStore records, LayerCheck layers, Path lock) {
    this.records = records;
    this.layers = layers;
    this.lock = lock;
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

  /**
   * Keeps a record unless a usable one has come meanwhile, from another process that took the same
   * step; returns the one that is kept, so that all of them go on with the same layer.
   */
  public StepRecord putIfAbsent(StepKey key, StepRecord record) throws IOException {
    LockFile held = LockFile.lock(lock, LockFile.Mode.EXCLUSIVE);
    try (held) {
      Optional<StepRecord> first = find(key);
      if (first.isPresent()) {
        return first.get();
      }
      put(key, record);
      return record;
    }
  }

  public void put(StepKey key, StepRecord record) throws IOException {
    records.put(key.digest(), Json.write(record.toJson()));
  }
}
