package io.jbuild.builder.image;

import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.TransferListener;
import io.jbuild.builder.TransferProgress;
import io.jbuild.builder.store.Stores;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.StoredImage;
import io.jbuild.registry.Document;
import io.jbuild.registry.ImagePush;
import io.jbuild.registry.PushResult;
import io.jbuild.registry.RegistryClient;
import io.jbuild.registry.UploadMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Sends images to registries: blobs first, manifest and tag last. */
public final class Pusher {
  private final Stores stores;
  private final Manifests manifests;
  private final Supplier<RegistryClient> registry;
  private final Executor executor;

  /**
   * @param executor runs the transfers; not the one that the caller of {@link #push} is on
   */
  public Pusher(
      Stores stores, Manifests manifests, Supplier<RegistryClient> registry, Executor executor) {
    this.stores = stores;
    this.manifests = manifests;
    this.registry = registry;
    this.executor = executor;
  }

  /** Pushes and waits; what the tag then stands for. */
  public Descriptor push(
      ImageSet set,
      Reference destination,
      LayerCompression compression,
      SortedMap<String, String> annotations,
      TransferListener listener)
      throws IOException {
    Documents documents = manifests.documents(set, compression, annotations);
    Map<Digest, ImageRecord> images = new HashMap<>();
    set.entries().forEach(entry -> images.put(entry.image().id(), entry.image()));
    Map<Descriptor, String> origins = origins(documents, images, destination);
    List<ImagePush.Blob> blobs = new ArrayList<>();
    for (Descriptor blob : documents.blobs()) {
      blobs.add(
          new ImagePush.Blob(
              blob, () -> stores.blobs().open(blob), Optional.ofNullable(origins.get(blob))));
    }
    ImagePush push =
        new ImagePush(
            blobs,
            documents.inOrder(),
            destination.tag().map(List::of).orElse(List.of()),
            UploadMode.WHOLE);
    Descriptor pushed =
        push.to(registry.get().repository(destination), executor, new Progress(listener));
    for (Document document : documents.manifests()) {
      ImageRecord image = images.get(((Manifest) document.content()).config().digest());
      if (image != null) {
        stores.images().put(image(image, document.descriptor()));
      }
    }
    return pushed;
  }

  private static ImageRecord image(ImageRecord image, Descriptor manifest) {
    return new ImageRecord(image.id(), image.platform(), image.diffIds(), List.of(manifest));
  }

  /** Layers that another image of the same registry has: they can be mounted from there. */
  private Map<Descriptor, String> origins(
      Documents documents, Map<Digest, ImageRecord> images, Reference destination)
      throws IOException {
    Map<DiffId, String> repositories = repositories(destination);
    Map<Descriptor, String> origins = new HashMap<>();
    for (Document document : documents.manifests()) {
      Manifest manifest = (Manifest) document.content();
      ImageRecord image = images.get(manifest.config().digest());
      for (int i = 0; image != null && i < image.diffIds().size(); i++) {
        String repository = repositories.get(image.diffIds().get(i));
        if (repository != null) {
          origins.put(manifest.layers().get(i), repository);
        }
      }
    }
    return origins;
  }

  private Map<DiffId, String> repositories(Reference destination) throws IOException {
    Map<DiffId, String> repositories = new HashMap<>();
    for (StoredImage other : stores.images().list()) {
      if (other.image().manifests().isEmpty()) {
        continue; // it was never in a registry
      }
      for (Reference name : other.names()) {
        boolean elsewhere =
            name.registry().equals(destination.registry())
                && !name.repository().equals(destination.repository());
        if (elsewhere) {
          other.image().diffIds().forEach(id -> repositories.putIfAbsent(id, name.repository()));
        }
      }
    }
    return repositories;
  }

  private record Progress(TransferListener listener)
      implements io.jbuild.registry.TransferListener {
    @Override
    public void progress(Descriptor blob, long done, long total) {
      tell("push", blob, done, done == total);
    }

    @Override
    public void present(Descriptor blob, PushResult why) {
      tell(TransferProgress.PRESENT, blob, blob.size(), true);
    }

    private void tell(String action, Descriptor blob, long done, boolean finished) {
      listener.transfer(
          new TransferProgress(action, blob.digest().toString(), done, blob.size(), finished));
    }
  }
}
