package io.jbuild.builder.image;

import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.Compression;
import io.jbuild.layers.LayerBlobs;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Index;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.registry.Document;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Manifests and indexes of images in the store, and the blobs that they name, made when something
 * needs them.
 */
public final class Manifests {
  private final Stores stores;
  private final LayerBlobs layerBlobs;

  public Manifests(Stores stores, LayerBlobs layerBlobs) {
    this.stores = stores;
    this.layerBlobs = layerBlobs;
  }

  /**
   * All that leaves with an image, or with an index of several. An index that came from elsewhere
   * and is here with everything in it keeps its digest, as long as nothing else is asked for.
   *
   * @param annotations of each manifest
   */
  Documents documents(
      ImageSet set, LayerCompression compression, SortedMap<String, String> annotations)
      throws IOException {
    if (!set.isIndex()) {
      return Documents.of(manifest(set.first(), compression, annotations));
    }
    if (annotations.isEmpty() && set.source().isPresent()) {
      Optional<Documents> original = original(set.source().get(), compression);
      if (original.isPresent()) {
        return original.get();
      }
    }
    List<Document> manifests = new ArrayList<>();
    List<Descriptor> entries = new ArrayList<>();
    for (Entry entry : set.entries()) {
      Document manifest = manifest(entry.image(), compression, annotations);
      manifests.add(manifest);
      entries.add(manifest.descriptor().withPlatform(entry.platform()));
    }
    return new Documents(manifests, keep(Document.of(Index.of(MediaTypes.OCI_INDEX, entries))));
  }

  private Optional<Documents> original(Descriptor source, LayerCompression compression)
      throws IOException {
    if (!stores.blobs().has(source) || !MediaTypes.isIndex(source.mediaType())) {
      return Optional.empty();
    }
    Document root = read(source);
    List<Document> manifests = new ArrayList<>();
    for (Descriptor entry : ((Index) root.content()).manifests()) {
      if (!MediaTypes.isManifest(entry.mediaType()) || !stores.blobs().has(entry)) {
        return Optional.empty();
      }
      Document document = read(entry);
      Manifest manifest = (Manifest) document.content();
      boolean whole = entry.isAttestation() ? isWhole(manifest) : suits(manifest, compression);
      if (!whole || !stores.blobs().has(manifest.config())) {
        return Optional.empty();
      }
      manifests.add(document);
    }
    return Optional.of(new Documents(manifests, root));
  }

  private Document read(Descriptor known) throws IOException {
    return Document.of(known.mediaType(), stores.blobs().read(known, Json.MAX_BYTES));
  }

  private boolean isWhole(Manifest manifest) throws IOException {
    for (Descriptor layer : manifest.layers()) {
      if (!stores.blobs().has(layer)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A manifest whose blobs are all in the store. An image that came with one keeps it, digest and
   * all, as long as nothing else is asked for.
   *
   * @param annotations of the manifest
   */
  public Document manifest(
      ImageRecord image, LayerCompression compression, SortedMap<String, String> annotations)
      throws IOException {
    if (annotations.isEmpty()) {
      Optional<Document> original = original(image, compression);
      if (original.isPresent()) {
        return original.get();
      }
    }
    return made(image, compression, annotations);
  }

  private Optional<Document> original(ImageRecord image, LayerCompression compression)
      throws IOException {
    for (Descriptor known : image.manifests()) {
      if (stores.blobs().has(known)) {
        Document document = read(known);
        if (document.content() instanceof Manifest manifest && suits(manifest, compression)) {
          return Optional.of(document);
        }
      }
    }
    return Optional.empty();
  }

  /** A pulled image goes as it came unless it would have to be compressed otherwise. */
  private boolean suits(Manifest manifest, LayerCompression compression) throws IOException {
    for (Descriptor layer : manifest.layers()) {
      boolean same =
          switch (compression) {
            case GZIP -> MediaTypes.isGzipLayer(layer.mediaType());
            case ZSTD -> MediaTypes.isZstdLayer(layer.mediaType());
            case NONE ->
                !MediaTypes.isGzipLayer(layer.mediaType())
                    && !MediaTypes.isZstdLayer(layer.mediaType());
          };
      if (!same || !stores.blobs().has(layer)) {
        return false;
      }
    }
    return true;
  }

  private Document made(
      ImageRecord image, LayerCompression compression, SortedMap<String, String> annotations)
      throws IOException {
    Compression codec = codec(compression);
    Map<DiffId, Descriptor> blobs = new TreeMap<>();
    List<Descriptor> layers = new ArrayList<>();
    for (DiffId layer : image.diffIds()) {
      Descriptor blob = blobs.get(layer);
      if (blob == null) {
        blob = ociLayer(layerBlobs.get(layer, codec, codec.usualLevel()));
        blobs.put(layer, blob);
      }
      layers.add(blob);
    }
    Descriptor config =
        Descriptor.of(MediaTypes.OCI_CONFIG, image.id(), stores.configBytes(image.id()).length);
    Manifest manifest =
        Manifest.of(MediaTypes.OCI_MANIFEST, config, layers).withAnnotations(annotations);
    return keep(Document.of(manifest));
  }

  /** A layer that came with a type of Docker's has OCI's in a manifest of OCI's. */
  private static Descriptor ociLayer(Descriptor blob) {
    if (MediaTypes.isGzipLayer(blob.mediaType())) {
      return blob.withMediaType(MediaTypes.OCI_LAYER_GZIP);
    }
    return MediaTypes.isZstdLayer(blob.mediaType())
        ? blob.withMediaType(MediaTypes.OCI_LAYER_ZSTD)
        : blob.withMediaType(MediaTypes.OCI_LAYER);
  }

  static Compression codec(LayerCompression compression) {
    return switch (compression) {
      case NONE -> Compression.NONE;
      case GZIP -> Compression.GZIP;
      case ZSTD -> Compression.ZSTD;
    };
  }

  private Document keep(Document document) throws IOException {
    stores.blobs().put(document.bytes());
    return document;
  }
}
