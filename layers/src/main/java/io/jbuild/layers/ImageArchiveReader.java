package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarReader;
import io.jbuild.layers.tar.TarType;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.store.BlobIngest;
import io.jbuild.oci.store.BlobStore;
import io.jbuild.oci.text.MalformedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tar of images, an OCI layout or a docker-archive or both in one, in one pass from any
 * stream. Contents become blobs, and names only keys of a map: nothing of the archive is ever a
 * path. Files that neither form knows are passed over; a symlink is only another name of a file in
 * the archive, and other special files are refused.
 */
public final class ImageArchiveReader {
  private static final int LARGEST_DOCUMENT = 1 << 20;
  private static final int MOST_FILES = 100_000;

  private final BlobStore store;
  private final Map<String, Descriptor> files = new HashMap<>();

  /** Old docker-archives have a layer that occurs twice only once, and links to it. */
  private final Map<String, String> links = new HashMap<>();

  private Optional<byte[]> index = Optional.empty();
  private Optional<byte[]> manifest = Optional.empty();
  private boolean layout;

  private ImageArchiveReader(BlobStore store) {
    this.store = store;
  }

  /**
   * What was in an archive. All blobs that it names are in the store, but nothing says yet that
   * they fit together.
   *
   * @param ociIndex the bytes of {@code index.json}, if it is an OCI layout
   * @param dockerImages from {@code manifest.json}, if it is a docker-archive
   */
  public record Contents(Optional<byte[]> ociIndex, List<DockerImage> dockerImages) {
    public Contents {
      dockerImages = List.copyOf(dockerImages);
    }
  }

  /**
   * One image of a docker-archive.
   *
   * @param layers as they lie in the archive, mostly uncompressed
   */
  public record DockerImage(Descriptor config, List<String> tags, List<Descriptor> layers) {
    public DockerImage {
      tags = List.copyOf(tags);
      layers = List.copyOf(layers);
    }
  }

  /**
   * Reads an archive, plain or compressed, putting its blobs into the store. The stream stays the
   * caller's.
   */
  public static Contents read(InputStream archive, BlobStore store, ApplyLimits limits)
      throws IOException {
    InputStream tar =
        Archives.open(archive, limits)
            .orElseThrow(() -> new BadArchiveException("not an archive of images"));
    ImageArchiveReader reader = new ImageArchiveReader(store);
    reader.readAll(new TarReader(new BufferedInputStream(tar, 1 << 16), limits.tar()));
    return reader.contents();
  }

  private void readAll(TarReader tar) throws IOException {
    int entries = 0;
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      if (++entries > MOST_FILES) {
        throw new BadArchiveException("archive of images: more than " + MOST_FILES + " entries");
      }
      TarEntry entry = next.get();
      TreePath path = EntryPath.parse(entry.name(), entry.name());
      if (entry.type() == TarType.REGULAR) {
        readFile(path, entry, tar);
      } else if (entry.type() == TarType.SYMLINK) {
        links.put(key(path), key(linkTarget(path, entry)));
      } else if (entry.type() != TarType.DIRECTORY) {
        throw BadArchiveException.entry(
            entry.name(), "an archive of images has files, directories and symlinks only");
      }
    }
  }

  private static String key(TreePath path) {
    return path.toString().substring(1);
  }

  /** Where a link leads within the archive, by its text alone. */
  private static TreePath linkTarget(TreePath path, TarEntry entry) throws BadArchiveException {
    byte[] target = entry.linkTarget();
    byte[] above = path.parent().orElse(TreePath.ROOT).bytes();
    byte[] whole = Arrays.copyOf(above, above.length + 1 + target.length);
    whole[above.length] = '/';
    System.arraycopy(target, 0, whole, above.length + 1, target.length);
    try {
      return TreePath.parse(whole);
    } catch (IllegalArgumentException e) {
      throw BadArchiveException.entry(entry.name(), "a link target contains a NUL byte");
    }
  }

  private void readFile(TreePath path, TarEntry entry, TarReader tar) throws IOException {
    String name = key(path);
    if (files.containsKey(name)) {
      throw BadArchiveException.entry(entry.name(), "it is there twice");
    }
    switch (name) {
      case "oci-layout" -> layout = true;
      case "index.json" -> index = Optional.of(document(entry, tar, Json.MAX_BYTES));
      case "manifest.json" -> manifest = Optional.of(document(entry, tar, LARGEST_DOCUMENT));
      default -> {
        if (name.startsWith("blobs/")) {
          files.put(name, blob(entry, tar, Optional.of(digestOf(name, entry))));
        } else if (name.endsWith(".tar")
            || (name.endsWith(".json") && entry.size() <= Json.MAX_BYTES)) {
          files.put(name, blob(entry, tar, Optional.empty()));
        }
      }
    }
  }

  private static byte[] document(TarEntry entry, TarReader tar, int limit) throws IOException {
    if (entry.size() > limit) {
      throw BadArchiveException.entry(
          entry.name(), "it has " + entry.size() + " bytes (the limit is " + limit + ")");
    }
    return tar.content().readAllBytes();
  }

  private static Digest digestOf(String name, TarEntry entry) throws BadArchiveException {
    try {
      return Digest.parse(name.substring("blobs/".length()).replace('/', ':'));
    } catch (MalformedException e) {
      throw BadArchiveException.entry(entry.name(), "not the name of a blob");
    }
  }

  private Descriptor blob(TarEntry entry, TarReader tar, Optional<Digest> expected)
      throws IOException {
    Digest.Algorithm algorithm = expected.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    byte[] buffer = new byte[1 << 16];
    byte[] head = {};
    try (BlobIngest ingest = store.begin(algorithm)) {
      for (int count = tar.read(buffer, 0, buffer.length);
          count >= 0;
          count = tar.read(buffer, 0, buffer.length)) {
        head = head.length == 0 ? Arrays.copyOf(buffer, Math.min(count, ArchiveFormat.HEAD)) : head;
        ingest.write(buffer, 0, count);
      }
      Digest digest = expected.isPresent() ? ingest.commit(expected.get()) : ingest.commit();
      return Descriptor.of(mediaType(head), digest, entry.size());
    }
  }

  private static String mediaType(byte[] head) {
    Optional<ArchiveFormat> format = ArchiveFormat.detect(head);
    if (format.filter(ArchiveFormat.GZIP::equals).isPresent()) {
      return MediaTypes.OCI_LAYER_GZIP;
    }
    return format.filter(ArchiveFormat.ZSTD::equals).isPresent()
        ? MediaTypes.OCI_LAYER_ZSTD
        : MediaTypes.OCI_LAYER;
  }

  private Contents contents() throws IOException {
    if (layout && index.isEmpty()) {
      throw new BadArchiveException("archive of images: it is an OCI layout without index.json");
    }
    Optional<byte[]> ociIndex = layout ? index : Optional.empty();
    if (ociIndex.isEmpty() && manifest.isEmpty()) {
      throw new BadArchiveException(
          "archive of images: neither an OCI layout nor a docker-archive");
    }
    return new Contents(ociIndex, manifest.isPresent() ? dockerImages(manifest.get()) : List.of());
  }

  private List<DockerImage> dockerImages(byte[] json) throws IOException {
    try {
      List<DockerImage> images = new ArrayList<>();
      for (JsonValue each : Json.read(json).asArray().values()) {
        images.add(dockerImage(each.asObject()));
      }
      return images;
    } catch (MalformedException e) {
      throw new BadArchiveException("archive entry \"manifest.json\": " + e.getMessage(), e);
    }
  }

  private DockerImage dockerImage(JsonObject image) throws IOException, MalformedException {
    List<Descriptor> layers = new ArrayList<>();
    for (String layer : image.strings("Layers")) {
      layers.add(file(layer));
    }
    return new DockerImage(
        file(image.string("Config")).withMediaType(MediaTypes.DOCKER_CONFIG),
        image.strings("RepoTags"),
        layers);
  }

  private Descriptor file(String name) throws BadArchiveException {
    Descriptor found = files.get(links.getOrDefault(name, name));
    if (found == null) {
      throw new BadArchiveException(
          "archive of images: manifest.json names "
              + io.jbuild.layers.tar.Quoted.of(
                  name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
              + ", which it does not hold");
    }
    return found;
  }
}
