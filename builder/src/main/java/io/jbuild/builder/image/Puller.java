package io.jbuild.builder.image;

import io.jbuild.builder.TransferListener;
import io.jbuild.builder.TransferProgress;
import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Flights;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.LayerApplier;
import io.jbuild.layers.LayerBlobs;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerSummary;
import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Index;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.ManifestOrIndex;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.ResolvedManifest;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.store.BlobIngest;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.Document;
import io.jbuild.registry.PulledImage;
import io.jbuild.registry.RegistryClient;
import io.jbuild.registry.Repository;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Brings images here: from a registry, or from anything else that has a manifest and blobs. Layers
 * are fetched, verified, kept as blobs and unpacked side by side, each in one pass; one that is
 * here already is not fetched.
 */
public final class Puller {
  private final Stores stores;
  private final LayerBlobs layerBlobs;
  private final Supplier<RegistryClient> registry;
  private final Tasks tasks;
  private final Consumer<String> warnings;
  private final Flights<DiffId, Boolean> layers = new Flights<>();

  /** A blob of the source, verified as it is read. */
  @FunctionalInterface
  interface BlobReader {
    InputStream open(Descriptor blob) throws IOException;
  }

  /** What a source says of one image. */
  @SuppressWarnings("ArrayRecordComponent") // read, never changed
  record Arrival(
      Descriptor manifestDescriptor,
      byte[] manifestBytes,
      Manifest manifest,
      byte[] configBytes,
      ImageConfig config) {}

  public Puller(
      Stores stores,
      LayerBlobs layerBlobs,
      Supplier<RegistryClient> registry,
      Tasks tasks,
      Consumer<String> warnings) {
    this.stores = stores;
    this.layerBlobs = layerBlobs;
    this.registry = registry;
    this.tasks = tasks;
    this.warnings = warnings;
  }

  /** Pulls and names an image; the future's work is all on the executor. */
  public CompletableFuture<ImageRecord> pull(
      Reference name, Platform platform, TransferListener listener, Cancellation cancellation) {
    return tasks
        .submit(() -> registry.get().repository(name).pull(name.tagOrDigest(), platform))
        .thenCompose(image -> fetch(name, image, listener, cancellation));
  }

  /**
   * Pulls every platform of an index and names them as it does. What is no image, such as
   * provenance, is kept as it is.
   */
  public CompletableFuture<ImageSet> pullAll(
      Reference name, TransferListener listener, Cancellation cancellation) {
    return tasks
        .submit(() -> registry.get().repository(name).manifest(name.tagOrDigest()))
        .thenCompose(root -> pullAll(name, root, listener, cancellation));
  }

  private CompletableFuture<ImageSet> pullAll(
      Reference name, Document root, TransferListener listener, Cancellation cancellation) {
    if (!(root.content() instanceof Index index)) {
      return pull(name, Platform.host(), listener, cancellation).thenApply(ImageSet::of);
    }
    Repository repository = registry.get().repository(name);
    List<CompletableFuture<Optional<Entry>>> all = new ArrayList<>();
    for (Descriptor child : index.manifests()) {
      all.add(
          tasks
              .submit(() -> arrival(repository, child))
              .thenCompose(
                  arrival ->
                      arrival.isEmpty()
                          ? CompletableFuture.completedFuture(Optional.<Entry>empty())
                          : keep(arrival.get(), reader(repository), "pull", listener, cancellation)
                              .thenApply(image -> Optional.of(entry(child, image)))));
    }
    return tasks.after(
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)),
        () -> {
          List<Entry> entries = all.stream().flatMap(found -> found.join().stream()).toList();
          if (entries.isEmpty()) {
            throw new MalformedException(name.familiar() + ": the index names no image");
          }
          put(root.descriptor(), root.bytes());
          ImageSet set = new ImageSet(entries, true, Optional.of(root.descriptor()));
          stores.images().tag(set.named(name));
          return set;
        });
  }

  private static Entry entry(Descriptor child, ImageRecord image) {
    return new Entry(child.platform().orElse(image.platform()), image);
  }

  /** Empty for what is no image; its blobs are here then. */
  private Optional<Arrival> arrival(Repository repository, Descriptor child)
      throws IOException, UserException {
    if (MediaTypes.isIndex(child.mediaType())) {
      throw new UserException(
          repository + " has an index within an index, " + child.digest(),
          "pull one platform, or that digest");
    }
    if (child.isAttestation() || !MediaTypes.isManifest(child.mediaType())) {
      if (MediaTypes.isManifest(child.mediaType())) {
        keepAsIs(child, blob -> read(repository, blob));
      }
      return Optional.empty();
    }
    PulledImage image = repository.pull(child.digest().toString(), Platform.host());
    return Optional.of(
        new Arrival(
            image.resolved().descriptor(),
            image.resolved().bytes(),
            image.manifest(),
            image.configBytes(),
            image.config()));
  }

  private static InputStream read(Repository repository, Descriptor blob) throws IOException {
    return MediaTypes.isManifest(blob.mediaType())
        ? new ByteArrayInputStream(repository.manifest(blob).bytes())
        : repository.blob(blob, io.jbuild.registry.TransferListener.NONE);
  }

  private static BlobReader reader(Repository repository) {
    return blob -> repository.blob(blob, io.jbuild.registry.TransferListener.NONE);
  }

  /** Keeps a manifest and its blobs without a look at what they are. */
  void keepAsIs(Descriptor manifest, BlobReader reader) throws IOException {
    if (manifest.size() > Json.MAX_BYTES) {
      throw new MalformedException("manifest " + manifest + " is too large");
    }
    byte[] bytes;
    try (InputStream in = reader.open(manifest)) {
      bytes = in.readAllBytes();
    }
    if (ManifestOrIndex.read(bytes, manifest.mediaType()) instanceof Manifest content) {
      List<Descriptor> blobs = new ArrayList<>(content.layers());
      blobs.add(content.config());
      for (Descriptor blob : blobs) {
        if (!stores.blobs().has(blob)) {
          try (InputStream in = reader.open(blob);
              BlobIngest copy = stores.blobs().begin(blob)) {
            in.transferTo(copy);
            copy.commit();
          }
        }
      }
    }
    put(manifest, bytes);
  }

  /** A manifest without an index is for one platform, whichever was asked for. */
  void warnIfForeign(Reference name, Platform wanted, ImageRecord image) {
    Platform found = image.platform();
    if (!found.os().equals(wanted.os()) || !found.architecture().equals(wanted.architecture())) {
      warnings.accept(name.familiar() + " is for " + found + ", not for " + wanted);
    }
  }

  private CompletableFuture<ImageRecord> fetch(
      Reference name, PulledImage image, TransferListener listener, Cancellation cancellation) {
    Repository repository = registry.get().repository(name);
    ResolvedManifest resolved = image.resolved();
    Descriptor source =
        image.index().map(index -> index.descriptor()).orElse(resolved.descriptor());
    Arrival arrival =
        new Arrival(
            resolved.descriptor(),
            resolved.bytes(),
            image.manifest(),
            image.configBytes(),
            image.config());
    return keep(arrival, reader(repository), "pull", listener, cancellation)
        .thenCompose(
            record ->
                tasks.submit(
                    () -> {
                      stores.images().addTag(name, record.id(), Optional.of(source));
                      return record;
                    }));
  }

  /** Keeps an image that is to be had from {@code reader}; it gets no name. */
  CompletableFuture<ImageRecord> keep(
      Arrival arrival,
      BlobReader reader,
      String action,
      TransferListener listener,
      Cancellation cancellation) {
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    Set<DiffId> seen = new HashSet<>();
    for (int i = 0; i < arrival.manifest().layers().size(); i++) {
      DiffId diffId = arrival.config().diffIds().get(i);
      Descriptor blob = arrival.manifest().layers().get(i);
      if (seen.add(diffId)) {
        all.add(
            layers.join(
                diffId,
                () ->
                    tasks.submit(
                        () -> layer(diffId, blob, reader, action, listener, cancellation))));
      }
    }
    return tasks.after(
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)), () -> record(arrival));
  }

  /** As {@link #keep}, for who is not on the executor and can wait. */
  ImageRecord keepNow(Arrival arrival, BlobReader reader, String action, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    Cancellation cancellation = new Cancellation();
    return StoreImages.await(keep(arrival, reader, action, listener, cancellation), cancellation);
  }

  private ImageRecord record(Arrival arrival) throws IOException {
    Digest id = arrival.manifest().config().digest();
    put(arrival.manifest().config(), arrival.configBytes());
    put(arrival.manifestDescriptor(), arrival.manifestBytes());
    ImageRecord record =
        new ImageRecord(
            id,
            arrival.config().platform(),
            arrival.config().diffIds(),
            List.of(arrival.manifestDescriptor()));
    stores.images().put(record);
    return record;
  }

  void put(Descriptor descriptor, byte[] content) throws IOException {
    try (BlobIngest ingest = stores.blobs().begin(descriptor)) {
      ingest.write(content);
      ingest.commit();
    }
  }

  private boolean layer(
      DiffId diffId,
      Descriptor blob,
      BlobReader reader,
      String action,
      TransferListener listener,
      Cancellation cancellation)
      throws IOException {
    if (stores.hasLayer(diffId)) {
      listener.transfer(progress(TransferProgress.PRESENT, blob, blob.size(), true));
      return false;
    }
    try (LayerIngest ingest = stores.layers().begin();
        BlobIngest copy = stores.blobs().begin(blob);
        InputStream in = reader.open(blob);
        CopyingStream copied =
            new CopyingStream(
                in,
                copy,
                done -> listener.transfer(progress(action, blob, done, false)),
                cancellation);
        Dir root = OwnedTree.open(ingest.fs())) {
      LayerSummary summary =
          new LayerApplier(ApplyLimits.DEFAULT, warnings).apply(copied, root, diffId);
      copied.transferTo(OutputStream.nullOutputStream());
      copy.commit();
      ingest.commit(summary);
      layerBlobs.remember(diffId, blob);
    }
    listener.transfer(progress(action, blob, blob.size(), true));
    return true;
  }

  private static TransferProgress progress(
      String action, Descriptor blob, long done, boolean finished) {
    return new TransferProgress(action, blob.digest().toString(), done, blob.size(), finished);
  }

  /** Passes on what is read. */
  private static final class CopyingStream extends FilterInputStream {
    private static final int STEP = 1 << 20;

    private final OutputStream copy;
    private final java.util.function.LongConsumer progress;
    private long done;
    private final Cancellation cancellation;
    private long told;

    CopyingStream(
        InputStream in,
        OutputStream copy,
        java.util.function.LongConsumer progress,
        Cancellation cancellation) {
      super(in);
      this.copy = copy;
      this.progress = progress;
      this.cancellation = cancellation;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      cancellation.check();
      int count = super.read(into, offset, length);
      if (count > 0) {
        copy.write(into, offset, count);
        done += count;
        if (done - told >= STEP) {
          told = done;
          progress.accept(done);
        }
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] skipped = readNBytes((int) Math.min(count, STEP));
      return skipped.length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
