package io.jbuild.oci.layout;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Index;
import io.jbuild.oci.ManifestOrIndex;
import io.jbuild.oci.ManifestResolver;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import io.jbuild.oci.ResolvedManifest;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.store.AtomicFiles;
import io.jbuild.oci.store.BlobStore;
import io.jbuild.oci.store.ContentStore;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A directory with {@code oci-layout}, {@code index.json} and {@code blobs}. Blobs are added before
 * the index that names them, and the index is replaced atomically: whoever reads the layout
 * meanwhile sees it before or after, never between. Two writers of one layout at once are not
 * served; the later wins.
 */
public final class OciLayout {
  private static final String MARKER = "oci-layout";
  private static final String INDEX = "index.json";
  private static final String VERSION = "1.0.0";
  private static final int MAX_MARKER = 1024;
  private static final int MAX_SHOWN = 20;

  private final Path directory;
  private final ContentStore blobs;

  private OciLayout(Path directory) {
    this.directory = directory;
    Path blobs = directory.resolve("blobs");
    this.blobs = new ContentStore(blobs, blobs);
  }

  /** Opens a layout that is there. */
  public static OciLayout open(Path directory) throws IOException {
    OciLayout layout = new OciLayout(directory);
    layout.checkMarker();
    layout.checkBlobs();
    return layout;
  }

  /** Opens a layout, or makes an empty one where nothing or an empty directory is. */
  public static OciLayout create(Path directory) throws IOException {
    if (Files.exists(directory.resolve(MARKER), LinkOption.NOFOLLOW_LINKS)) {
      return open(directory);
    }
    Files.createDirectories(directory);
    requireEmpty(directory);
    OciLayout layout = new OciLayout(directory);
    makeDirectory(directory.resolve("blobs"));
    AtomicFiles.publish(
        directory.resolve(INDEX), Index.of(MediaTypes.OCI_INDEX, List.of()).encode());
    JsonObject marker = JsonObject.builder().put("imageLayoutVersion", VERSION).build();
    AtomicFiles.publish(directory.resolve(MARKER), Json.write(marker));
    return layout;
  }

  /** What a creation that was cut short left is no obstacle. */
  private static void requireEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.equals("blobs") && !name.equals(INDEX) && !name.startsWith(".tmp-")) {
          throw new IOException(
              "not an OCI layout, and not empty: "
                  + directory
                  + " (it holds "
                  + Printable.quote(name)
                  + ")");
        }
      }
    }
  }

  private static void makeDirectory(Path path) throws IOException {
    try {
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private void checkMarker() throws IOException {
    byte[] marker =
        AtomicFiles.read(directory.resolve(MARKER), MAX_MARKER)
            .orElseThrow(
                () -> new IOException("not an OCI layout: " + directory + " has no " + MARKER));
    String version;
    try {
      version = Json.readObject(marker).string("imageLayoutVersion");
    } catch (MalformedException e) {
      throw e.in(MARKER);
    }
    if (!version.equals(VERSION)) {
      throw new MalformedException(
          MARKER + ": version " + Printable.quote(version) + " is not supported, only " + VERSION);
    }
  }

  private void checkBlobs() throws IOException {
    Path path = directory.resolve("blobs");
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("not an OCI layout: no directory " + path);
    }
  }

  /** The blobs, verified when read. */
  public BlobStore blobs() {
    return blobs;
  }

  /** What {@code index.json} says now. */
  public Index index() throws IOException {
    try {
      byte[] bytes = indexBytes();
      if (ManifestOrIndex.read(bytes) instanceof Index index) {
        return index;
      }
      throw new MalformedException("it is a manifest");
    } catch (MalformedException e) {
      throw e.in(INDEX);
    }
  }

  private byte[] indexBytes() throws IOException {
    return AtomicFiles.read(directory.resolve(INDEX), Json.MAX_BYTES)
        .orElseThrow(() -> new IOException("not an OCI layout: " + directory + " has no " + INDEX));
  }

  /** The only image, or that for the platform of several. */
  public ResolvedManifest resolve(Platform platform) throws IOException {
    List<Descriptor> all = index().manifests();
    if (all.isEmpty()) {
      throw new IOException("the layout " + directory + " holds no image");
    }
    TreeSet<String> names = new TreeSet<>();
    all.forEach(entry -> name(entry).ifPresent(names::add));
    if (names.size() > 1) {
      throw new IOException("the layout " + directory + " holds several images: " + list(names));
    }
    return resolve(all, platform);
  }

  /** The image with this name ({@code org.opencontainers.image.ref.name}) for the platform. */
  public ResolvedManifest resolve(String name, Platform platform) throws IOException {
    List<Descriptor> all = index().manifests();
    List<Descriptor> named =
        all.stream().filter(entry -> name(entry).filter(name::equals).isPresent()).toList();
    if (named.isEmpty()) {
      TreeSet<String> names = new TreeSet<>();
      all.forEach(entry -> name(entry).ifPresent(names::add));
      throw new IOException(
          "the layout "
              + directory
              + " holds no image named "
              + Printable.quote(name)
              + (names.isEmpty() ? "" : "; there are: " + list(names)));
    }
    return resolve(named, platform);
  }

  /**
   * The manifest with this digest, or that for the platform in the index with this digest, whether
   * {@code index.json} names it or not.
   */
  public ResolvedManifest resolve(Digest digest, Platform platform) throws IOException {
    Optional<Descriptor> named =
        index().manifests().stream().filter(entry -> entry.digest().equals(digest)).findFirst();
    if (named.isPresent()) {
      return resolve(List.of(named.get()), platform);
    }
    byte[] bytes = blobs.read(digest, Json.MAX_BYTES);
    String type = ManifestOrIndex.read(bytes).mediaType();
    return resolve(List.of(Descriptor.of(type, digest, bytes.length)), platform);
  }

  private ResolvedManifest resolve(List<Descriptor> roots, Platform platform) throws IOException {
    return ManifestResolver.resolve(
        roots, descriptor -> blobs.read(descriptor, Json.MAX_BYTES), platform);
  }

  private static Optional<String> name(Descriptor entry) {
    return Optional.ofNullable(entry.annotations().get(Descriptor.REF_NAME));
  }

  private static String list(Set<String> names) {
    return names.stream().limit(MAX_SHOWN).map(Printable::quote).collect(Collectors.joining(", "))
        + (names.size() > MAX_SHOWN ? ", ..." : "");
  }

  /**
   * Names a manifest or index whose blobs are here. An entry of the same name is replaced, so is
   * the same content without a name; all other entries stay as they are, with fields unknown to us.
   */
  public void add(Descriptor manifest, Optional<String> name) throws IOException {
    if (!blobs.has(manifest)) {
      throw new IOException("the layout " + directory + " has no blob " + manifest.digest());
    }
    Index before = index();
    Descriptor entry = name.map(n -> named(manifest, n)).orElse(manifest);
    JsonObject json = Json.readObject(indexBytes());
    List<JsonValue> values = json.list("manifests", value -> value);
    List<JsonValue> merged = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (!isReplaced(before.manifests().get(i), entry)) {
        merged.add(values.get(i));
      }
    }
    merged.add(entry.toJson());
    AtomicFiles.publish(directory.resolve(INDEX), Json.write(with(json, new JsonArray(merged))));
  }

  private static Descriptor named(Descriptor manifest, String name) {
    TreeMap<String, String> annotations = new TreeMap<>(manifest.annotations());
    annotations.put(Descriptor.REF_NAME, name);
    return manifest.withAnnotations(annotations);
  }

  private static boolean isReplaced(Descriptor old, Descriptor entry) {
    Optional<String> oldName = name(old);
    return oldName.isPresent() ? oldName.equals(name(entry)) : old.digest().equals(entry.digest());
  }

  private static JsonObject with(JsonObject index, JsonArray manifests) {
    JsonObject.Builder builder = JsonObject.builder();
    index.fields().forEach((name, value) -> putUnlessManifests(builder, name, value));
    return builder.put("manifests", manifests).build();
  }

  private static void putUnlessManifests(JsonObject.Builder to, String name, JsonValue value) {
    if (!name.equals("manifests")) {
      to.put(name, value);
    }
  }
}
