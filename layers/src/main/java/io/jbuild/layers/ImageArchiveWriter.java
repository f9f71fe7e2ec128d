package io.jbuild.layers;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarType;
import io.jbuild.layers.tar.TarWriter;
import io.jbuild.linux.Timestamp;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.store.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes whole images as one tar, in the forms that others load. Equal images give equal bytes. */
public final class ImageArchiveWriter {
  private static final byte[] OCI_LAYOUT =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

  private final TarWriter tar;
  private final Set<String> written = new HashSet<>();

  private ImageArchiveWriter(OutputStream out) {
    tar = new TarWriter(out);
  }

  /**
   * An OCI layout.
   *
   * @param index the bytes of {@code index.json}
   * @param blobs everything that it leads to: manifests, configs, layers
   */
  public static void writeOciLayout(
      byte[] index, Collection<Descriptor> blobs, BlobStore source, OutputStream out)
      throws IOException {
    ImageArchiveWriter archive = new ImageArchiveWriter(out);
    List<Descriptor> sorted = new ArrayList<>(blobs);
    sorted.sort(Comparator.comparing(Descriptor::digest));
    archive.directory("blobs/");
    for (Descriptor blob : sorted) {
      archive.directory("blobs/" + blob.digest().algorithm().id() + "/");
      archive.blob(
          "blobs/" + blob.digest().algorithm().id() + "/" + blob.digest().hex(), blob, source);
    }
    archive.file("index.json", index);
    archive.file("oci-layout", OCI_LAYOUT);
    archive.tar.finish();
  }

  /**
   * One image of a docker-archive.
   *
   * @param config the blob whose digest is the image's ID
   * @param tags {@code name:tag}
   */
  public record DockerImage(Descriptor config, List<String> tags, List<DiffId> layers) {
    public DockerImage {
      tags = List.copyOf(tags);
      layers = List.copyOf(layers);
    }
  }

  /** What {@code docker load} takes: layers uncompressed, by diffID, each once. */
  public static void writeDockerArchive(
      List<DockerImage> images,
      BlobStore configs,
      LayerStore layers,
      LayerBlobs blobs,
      OutputStream out)
      throws IOException {
    ImageArchiveWriter archive = new ImageArchiveWriter(out);
    Set<DiffId> all = new TreeSet<>();
    images.forEach(image -> all.addAll(image.layers()));
    for (DiffId layer : all) {
      archive.layer(layer, layers, blobs);
    }
    List<JsonValue> manifest = new ArrayList<>();
    for (DockerImage image : images) {
      String config = image.config().digest().hex() + ".json";
      archive.blob(config, image.config(), configs);
      manifest.add(
          JsonObject.builder()
              .put("Config", config)
              .putStrings("RepoTags", image.tags())
              .putStrings(
                  "Layers", image.layers().stream().map(ImageArchiveWriter::fileOf).toList())
              .build());
    }
    archive.file("manifest.json", Json.write(new JsonArray(manifest)));
    archive.tar.finish();
  }

  private static String fileOf(DiffId layer) {
    return layer.digest().hex() + ".tar";
  }

  private void layer(DiffId diffId, LayerStore layers, LayerBlobs blobs) throws IOException {
    StoredLayer layer =
        layers
            .find(diffId)
            .orElseThrow(() -> new IOException("layer " + diffId + " is not in the store"));
    begin(TarType.REGULAR, fileOf(diffId), 0644, layer.tarSize());
    blobs.writeTar(diffId, content(layer.tarSize()));
  }

  private void blob(String name, Descriptor blob, BlobStore source) throws IOException {
    if (!begin(TarType.REGULAR, name, 0644, blob.size())) {
      return;
    }
    try (InputStream in = source.open(blob)) {
      in.transferTo(content(blob.size()));
    }
  }

  private void directory(String name) throws IOException {
    begin(TarType.DIRECTORY, name, 0755, 0);
  }

  private void file(String name, byte[] content) throws IOException {
    if (begin(TarType.REGULAR, name, 0644, content.length)) {
      tar.write(content, 0, content.length);
    }
  }

  /** False for a name that is there already. */
  private boolean begin(TarType type, String name, int permissions, long size) throws IOException {
    if (!written.add(name)) {
      return false;
    }
    tar.begin(
        TarEntry.of(type, name.getBytes(StandardCharsets.UTF_8))
            .permissions(permissions)
            .size(size)
            .modified(Timestamp.EPOCH)
            .build());
    return true;
  }

  /**
   * Content that has to be as long as it was said to be, though that is the world's fault here and
   * not ours.
   */
  private OutputStream content(long size) {
    return new OutputStream() {
      private long left = size;

      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        if (length > left) {
          throw new IOException("archive: content is longer than the " + size + " bytes announced");
        }
        tar.write(from, offset, length);
        left -= length;
      }
    };
  }
}
