package io.jbuild.builder.image;

import io.jbuild.builder.BuildResult;
import io.jbuild.builder.ImageSummary;
import io.jbuild.builder.Images;
import io.jbuild.builder.InspectedImage;
import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.TransferListener;
import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.store.Stores;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.oci.store.NameRecord;
import io.jbuild.oci.store.StoredImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The images of a store, for the commands. */
public final class StoreImages implements Images {
  private final Stores stores;
  private final Puller puller;
  private final Pusher pusher;
  private final Exporter exporter;
  private final Importer importer;
  private final OutputStream standardOutput;

  public StoreImages(
      Stores stores,
      Puller puller,
      Pusher pusher,
      Exporter exporter,
      Importer importer,
      OutputStream standardOutput) {
    this.stores = stores;
    this.puller = puller;
    this.pusher = pusher;
    this.exporter = exporter;
    this.importer = importer;
    this.standardOutput = standardOutput;
  }

  @Override
  public List<ImageSummary> list() throws IOException {
    List<NameRecord> names = stores.images().names();
    names.sort(Comparator.comparing(NameRecord::reference));
    List<ImageSummary> all = new ArrayList<>();
    for (NameRecord name : names) {
      for (Entry entry : stores.images().entries(name)) {
        all.add(summary(entry, name.reference()));
      }
    }
    return all;
  }

  private ImageSummary summary(ImageRecord image, Reference name) throws IOException {
    return summary(new Entry(image.platform(), image), name);
  }

  private ImageSummary summary(Entry entry, Reference name) throws IOException {
    ImageRecord image = entry.image();
    ImageConfig config = stores.config(image.id());
    long bytes = 0;
    for (DiffId layer : image.diffIds()) {
      bytes += stores.layers().find(layer).map(found -> found.tarSize()).orElse(0L);
    }
    return new ImageSummary(
        name, image.id(), entry.platform(), config.created(), image.diffIds().size(), bytes);
  }

  private List<ImageSummary> summaries(ImageSet set, Reference name) throws IOException {
    List<ImageSummary> all = new ArrayList<>();
    for (Entry entry : set.entries()) {
      all.add(summary(entry, name));
    }
    return all;
  }

  /** The record of an image that people call so. */
  public ImageRecord require(String name, Optional<Platform> platform)
      throws IOException, UserException {
    return ImageNames.require(stores.images(), name, platform);
  }

  /** Whether an image is meant by its ID, which no registry would know. */
  public boolean isId(String name) throws IOException, UserException {
    return ImageNames.isId(stores.images(), name);
  }

  public Optional<ImageSet> find(String name) throws IOException, UserException {
    return ImageNames.find(stores.images(), name);
  }

  @Override
  public ImageSummary tag(String name, Reference newName) throws IOException, UserException {
    ImageSet set = ImageNames.requireSet(stores.images(), name, Optional.empty());
    stores.images().tag(set.named(newName));
    return summaries(set, newName).get(0);
  }

  @Override
  public List<Removal> remove(String name) throws IOException, UserException {
    ImageSet set = ImageNames.requireSet(stores.images(), name, Optional.empty());
    Optional<Reference> asked = ImageNames.reference(name);
    if (asked.isPresent() && stores.images().name(asked.get()).isPresent()) {
      return removeName(asked.get(), set);
    }
    List<Removal> removed = new ArrayList<>();
    Digest id = set.first().id();
    List<Reference> names = names(id);
    stores.images().remove(id);
    names.forEach(each -> removed.add(new Removal(each, id, true)));
    return removed;
  }

  /** The images go with their last name. */
  private List<Removal> removeName(Reference name, ImageSet set) throws IOException {
    stores.images().untag(name);
    List<Removal> removed = new ArrayList<>();
    for (Entry entry : set.entries()) {
      Digest id = entry.image().id();
      boolean last = names(id).isEmpty();
      if (last) {
        stores.images().remove(id);
      }
      removed.add(new Removal(name, id, last));
    }
    return removed;
  }

  private List<Reference> names(Digest id) throws IOException {
    for (StoredImage stored : stores.images().list()) {
      if (stored.image().id().equals(id)) {
        return stored.names();
      }
    }
    return List.of();
  }

  @Override
  public InspectedImage inspect(String name, Optional<Platform> platform)
      throws IOException, UserException {
    ImageRecord image = require(name, platform);
    byte[] bytes = stores.configBytes(image.id());
    List<InspectedImage.Layer> layers = new ArrayList<>();
    for (DiffId layer : image.diffIds()) {
      long size = stores.layers().find(layer).map(found -> found.tarSize()).orElse(0L);
      layers.add(new InspectedImage.Layer(layer.digest(), size));
    }
    ImageSet set = ImageNames.requireSet(stores.images(), name, Optional.empty());
    List<BuildResult.PlatformImage> all = new ArrayList<>();
    for (Entry entry : set.entries()) {
      all.add(new BuildResult.PlatformImage(entry.platform(), entry.image().id()));
    }
    return new InspectedImage(
        image.id(), names(image.id()), ImageConfig.read(bytes), bytes, layers, all);
  }

  @Override
  public void exportRoot(String name, Optional<Path> destination)
      throws IOException, UserException {
    exporter.rootTar(
        ImageSet.of(require(name, Optional.empty())),
        new Exporter.Destination(destination, standardOutput));
  }

  @Override
  public ImageSummary pull(Reference name, Platform platform, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    Cancellation cancellation = new Cancellation();
    ImageRecord image = await(puller.pull(name, platform, listener, cancellation), cancellation);
    puller.warnIfForeign(name, platform, image);
    return summary(image, name);
  }

  @Override
  public List<ImageSummary> pullAll(Reference name, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    Cancellation cancellation = new Cancellation();
    return summaries(await(puller.pullAll(name, listener, cancellation), cancellation), name);
  }

  /** Waits outside of the executor; an interrupt ends what is waited for, too. */
  static <T> T await(CompletableFuture<T> future, Cancellation cancellation)
      throws IOException, UserException, InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      cancellation.cancel(Cancellation.Strength.HARD);
      throw e;
    } catch (ExecutionException e) {
      Throwable cause = Tasks.unwrap(e);
      if (cause instanceof IOException io) {
        throw io;
      } else if (cause instanceof UserException user) {
        throw user;
      } else if (cause instanceof RuntimeException bug) {
        throw bug;
      }
      throw new IllegalStateException(cause);
    }
  }

  @Override
  public Digest push(
      String name,
      Reference destination,
      Optional<Platform> platform,
      LayerCompression compression,
      TransferListener listener)
      throws IOException, UserException {
    ImageSet set = ImageNames.requireSet(stores.images(), name, platform);
    return pusher.push(set, destination, compression, new TreeMap<>(), listener).digest();
  }

  @Override
  public void save(
      List<String> names,
      Optional<Platform> platform,
      ArchiveFormat format,
      LayerCompression compression,
      Optional<Path> destination)
      throws IOException, UserException {
    List<Exporter.Named> images = new ArrayList<>();
    for (String name : names) {
      ImageSet set = ImageNames.requireSet(stores.images(), name, platform);
      Optional<Reference> reference = Optional.empty();
      if (ImageNames.reference(name).isPresent()
          && stores.images().name(ImageNames.reference(name).get()).isPresent()) {
        reference = ImageNames.reference(name);
      }
      images.add(new Exporter.Named(set, reference.map(List::of).orElse(List.of())));
    }
    Exporter.Destination out = new Exporter.Destination(destination, standardOutput);
    switch (format) {
      case OCI_ARCHIVE -> exporter.ociArchive(images, compression, new TreeMap<>(), out);
      case DOCKER_ARCHIVE -> exporter.dockerArchive(images, out);
      case OCI_DIRECTORY ->
          exporter.ociDirectory(
              images,
              compression,
              new TreeMap<>(),
              destination.orElseThrow(
                  () -> new UserException("an OCI layout directory needs a destination")));
    }
  }

  @Override
  public List<Loaded> load(Path source, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    List<Loaded> loaded = new ArrayList<>();
    Set<Reference> seen = new HashSet<>();
    for (Exporter.Named named : importer.load(source, listener)) {
      if (named.names().isEmpty()) {
        loaded.addAll(loaded(named.images(), Optional.empty()));
      }
      for (Reference name : named.names()) {
        if (seen.add(name)) {
          stores.images().tag(named.images().named(name));
          loaded.addAll(loaded(named.images(), Optional.of(name)));
        }
      }
    }
    return loaded;
  }

  private static List<Loaded> loaded(ImageSet set, Optional<Reference> name) {
    return set.entries().stream()
        .map(each -> new Loaded(name, each.image().id(), each.platform()))
        .toList();
  }

  @Override
  public ImageSummary importRoot(
      InputStream tar, Reference name, Platform platform, List<String> changes)
      throws IOException, UserException {
    ImageRecord image = importer.importRoot(tar, platform, changes);
    stores.images().tag(name, image.id());
    return summary(image, name);
  }
}
