package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.store.AtomicFiles;
import io.jbuild.oci.store.BlobIngest;
import io.jbuild.oci.store.ContentStore;
import io.jbuild.oci.store.RecordStore;
import io.jbuild.oci.store.StoreRoot;
import io.jbuild.oci.text.MalformedException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The blobs of layers. A layer that was built here has none until it has to leave; then its tar is
 * made again from its directory, compressed on all cores, and remembered with the codec and level
 * that made it. A blob that was pulled is remembered as it came, and leaves as it came.
 */
public final class LayerBlobs {
  private static final String RECEIVED = "received";

  private final LayerStore layers;
  private final ContentStore blobs;
  private final RecordStore memory;
  private final Executor executor;
  private final int parallelism;
  private final ConcurrentMap<Digest, Object> inWork = new ConcurrentHashMap<>();

  /**
   * @param executor compresses blocks; its tasks are short and wait for nothing
   * @param parallelism how many blocks it may compress at once
   */
  public LayerBlobs(
      StoreRoot root,
      LayerStore layers,
      ContentStore blobs,
      Executor executor,
      int parallelism,
      Consumer<String> warnings)
      throws IOException {
    this.layers = layers;
    this.blobs = blobs;
    this.memory = new RecordStore(root.area("layer-blobs"), AtomicFiles.Durability.LAZY, warnings);
    this.executor = executor;
    this.parallelism = parallelism;
  }

  /**
   * Notes the blob that brought a layer here, whose content has been verified against its diffID.
   */
  public void remember(DiffId diffId, Descriptor blob) throws IOException {
    memory.put(key(diffId, received(compressionOf(blob.mediaType()))), Json.write(blob.toJson()));
  }

  /**
   * A blob of the layer that is in the content store: the one that was pulled, or one that was made
   * at any level.
   */
  public Optional<Descriptor> find(DiffId diffId, Compression compression) throws IOException {
    Optional<Descriptor> pulled = recall(diffId, received(compression));
    for (int level = 0; pulled.isEmpty() && level <= 19; level++) {
      if (compression.isLevel(level)) {
        pulled = recall(diffId, codec(compression, level));
      }
    }
    return pulled;
  }

  /**
   * The layer's blob, made now if there is none: one that was pulled with this compression, else
   * one of this level.
   *
   * @throws IllegalArgumentException if the compression has no such level
   */
  public Descriptor get(DiffId diffId, Compression compression, int level) throws IOException {
    if (!compression.isLevel(level)) {
      throw new IllegalArgumentException(
          compression + " has levels " + compression.levels() + ", not " + level);
    }
    Digest key = key(diffId, codec(compression, level));
    synchronized (inWork.computeIfAbsent(key, unused -> new Object())) {
      try {
        Optional<Descriptor> present = recall(diffId, received(compression));
        if (present.isEmpty()) {
          present = recall(diffId, codec(compression, level));
        }
        return present.isPresent() ? present.get() : make(diffId, compression, level, key);
      } finally {
        inWork.remove(key);
      }
    }
  }

  private Descriptor make(DiffId diffId, Compression compression, int level, Digest key)
      throws IOException {
    try (BlobIngest ingest = blobs.begin(Digest.Algorithm.SHA256)) {
      switch (compression) {
        case NONE -> writeTar(diffId, ingest);
        case GZIP -> {
          try (GzipCoder coder = new GzipCoder(level)) {
            compress(diffId, coder, ingest);
          }
        }
        case ZSTD -> compress(diffId, new ZstdCoder(level), ingest);
      }
      long size = ingest.size();
      Descriptor blob = Descriptor.of(compression.mediaType(), ingest.commit(), size);
      memory.put(key, Json.write(blob.toJson()));
      return blob;
    }
  }

  private void compress(DiffId diffId, BlockCoder coder, OutputStream out) throws IOException {
    try (BlockCompressor compressor = new BlockCompressor(coder, executor, parallelism + 1, out)) {
      writeTar(diffId, compressor);
      compressor.finish();
    }
  }

  /**
   * Writes the layer's uncompressed tar and verifies it: after an exception, what was written is
   * not the layer.
   *
   * @param tar stays the caller's
   */
  public void writeTar(DiffId diffId, OutputStream tar) throws IOException {
    for (Compression compression : Compression.values()) {
      Optional<Descriptor> blob = recall(diffId, received(compression));
      if (blob.isPresent()) {
        writeFromBlob(diffId, blob.get(), tar);
        return;
      }
    }
    StoredLayer layer =
        layers
            .find(diffId)
            .orElseThrow(() -> new IOException("layer " + diffId + " is not in the store"));
    writeFromDirectory(layer, tar);
  }

  private void writeFromBlob(DiffId diffId, Descriptor blob, OutputStream tar) throws IOException {
    // It was verified when it came, so that no limit is needed but that of its own digest.
    ApplyLimits trusted =
        new ApplyLimits(
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Integer.MAX_VALUE,
            io.jbuild.layers.tar.TarLimits.DEFAULT);
    var digester = diffId.digest().algorithm().newDigester();
    try (InputStream in = blobs.open(blob);
        InputStream plain = Decompression.ofLayer(in, trusted)) {
      plain.transferTo(
          new FilterOutputStream(tar) {
            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
              digester.update(from, offset, length);
              out.write(from, offset, length);
            }
          });
    }
    requireSame(diffId, new DiffId(digester.finish()));
  }

  private static void writeFromDirectory(StoredLayer layer, OutputStream tar) throws IOException {
    try (Dir dir = OwnedTree.open(layer.fs())) {
      boolean withRoot =
          switch (layer.summary().form()) {
            case CANONICAL -> false;
            case CANONICAL_WITH_ROOT -> true;
            case FOREIGN -> isCanonicalWithRoot(layer, dir);
          };
      requireSame(layer.diffId(), LayerScanner.write(dir, withRoot, tar).diffId());
    }
  }

  /** A layer that came without its blob, or lost it, may still be one that another jbuild made. */
  private static boolean isCanonicalWithRoot(StoredLayer layer, Dir dir) throws IOException {
    for (boolean withRoot : new boolean[] {false, true}) {
      if (LayerScanner.write(dir, withRoot, OutputStream.nullOutputStream())
          .diffId()
          .equals(layer.diffId())) {
        return withRoot;
      }
    }
    throw new IOException(
        "layer "
            + layer.diffId()
            + " was pulled, and the blob with its tar is not in the store any more: pull it again");
  }

  private static void requireSame(DiffId expected, DiffId found) throws IOException {
    if (!found.equals(expected)) {
      throw new IOException("layer " + expected + " is damaged: its tar has the digest " + found);
    }
  }

  private Optional<Descriptor> recall(DiffId diffId, String codec) throws IOException {
    Optional<byte[]> record = memory.get(key(diffId, codec));
    if (record.isEmpty()) {
      return Optional.empty();
    }
    try {
      Descriptor blob = Descriptor.fromJson(Json.read(record.get()));
      return blobs.has(blob) ? Optional.of(blob) : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Digest key(DiffId diffId, String codec) {
    return Digest.sha256((diffId + "\n" + codec).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Who compresses how is part of what is remembered: another library may give other bytes at the
   * same level.
   */
  private static String codec(Compression compression, int level) {
    return switch (compression) {
      case NONE -> "none";
      case GZIP -> "gzip jdk " + level + " members " + GzipCoder.BLOCK;
      case ZSTD -> "zstd jni " + level + " frames " + ZstdCoder.BLOCK;
    };
  }

  private static String received(Compression compression) {
    return RECEIVED + " " + compression;
  }

  private static Compression compressionOf(String mediaType) {
    if (MediaTypes.isGzipLayer(mediaType)) {
      return Compression.GZIP;
    }
    return MediaTypes.isZstdLayer(mediaType) ? Compression.ZSTD : Compression.NONE;
  }
}
