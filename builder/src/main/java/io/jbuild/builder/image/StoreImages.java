package io.jbuild.builder.image;

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
    List<ImageSummary> all = new ArrayList<>();
    for (StoredImage stored : stores.images().list()) {
      for (Reference name : stored.names()) {
        all.add(summary(stored.image(), name));
      }
    }
    all.sort(Comparator.comparing(image -> image.name().toString()));
    return all;
  }

  private ImageSummary summary(ImageRecord image, Reference name) throws IOException {
    ImageConfig config = stores.config(image.id());
    long bytes = 0;
    for (DiffId layer : image.diffIds()) {
      bytes += stores.layers().find(layer).map(found -> found.tarSize()).orElse(0L);
    }
    return new ImageSummary(name, image.id(), config.created(), image.diffIds().size(), bytes);
  }

  /** The record of an image that people call so. */
  public ImageRecord require(String name) throws IOException, UserException {
    return ImageNames.require(stores.images(), name);
  }

  public Optional<ImageRecord> find(String name) throws IOException, UserException {
    return ImageNames.find(stores.images(), name);
  }

  @Override
  public ImageSummary tag(String name, Reference newName) throws IOException, UserException {
    ImageRecord image = require(name);
    stores.images().tag(newName, image.id());
    return summary(image, newName);
  }

  @Override
  public List<Removal> remove(String name) throws IOException, UserException {
    ImageRecord image = require(name);
    List<Reference> names = names(image.id());
    Optional<Reference> asked = ImageNames.reference(name).filter(names::contains);
    List<Removal> removed = new ArrayList<>();
    if (asked.isPresent() && names.size() > 1) {
      stores.images().untag(asked.get());
      removed.add(new Removal(asked.get(), image.id(), false));
      return removed;
    }
    stores.images().remove(image.id());
    for (Reference each : names) {
      removed.add(new Removal(each, image.id(), true));
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
  public InspectedImage inspect(String name) throws IOException, UserException {
    ImageRecord image = require(name);
    byte[] bytes = stores.configBytes(image.id());
    List<InspectedImage.Layer> layers = new ArrayList<>();
    for (DiffId layer : image.diffIds()) {
      long size = stores.layers().find(layer).map(found -> found.tarSize()).orElse(0L);
      layers.add(new InspectedImage.Layer(layer.digest(), size));
    }
    return new InspectedImage(
        image.id(), names(image.id()), ImageConfig.read(bytes), bytes, layers);
  }

  @Override
  public void exportRoot(String name, Optional<Path> destination)
      throws IOException, UserException {
    exporter.rootTar(require(name), new Exporter.Destination(destination, standardOutput));
  }

  @Override
  public ImageSummary pull(Reference name, Platform platform, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    Cancellation cancellation = new Cancellation();
    return summary(await(puller.pull(name, platform, listener, cancellation), cancellation), name);
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
  public Digest push(Reference name, LayerCompression compression, TransferListener listener)
      throws IOException, UserException {
    return push(name.toString(), name, compression, listener);
  }

  @Override
  public Digest push(
      String name, Reference destination, LayerCompression compression, TransferListener listener)
      throws IOException, UserException {
    return pusher.push(require(name), destination, compression, new TreeMap<>(), listener).digest();
  }

  @Override
  public void save(
      List<String> names,
      ArchiveFormat format,
      LayerCompression compression,
      Optional<Path> destination)
      throws IOException, UserException {
    List<Exporter.Named> images = new ArrayList<>();
    for (String name : names) {
      ImageRecord image = require(name);
      Optional<Reference> reference =
          ImageNames.reference(name).filter(new HashSet<>(names(image.id()))::contains);
      images.add(new Exporter.Named(image, reference.map(List::of).orElse(List.of())));
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
  public List<ImageSummary> load(Path source, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    List<ImageSummary> loaded = new ArrayList<>();
    Set<Reference> seen = new HashSet<>();
    for (Exporter.Named named : importer.load(source, listener)) {
      for (Reference name : named.names()) {
        if (seen.add(name)) {
          stores.images().tag(name, named.image().id());
          loaded.add(summary(named.image(), name));
        }
      }
    }
    return loaded;
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
