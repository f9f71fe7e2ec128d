package io.jbuild.builder.image;

import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.UserException;
import io.jbuild.builder.store.RootTree;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.LayerScanner;
import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarType;
import io.jbuild.layers.tar.TarWriter;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Dir;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Index;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.layout.OciLayout;
import io.jbuild.oci.store.BlobIngest;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.registry.Document;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes images as files: OCI layouts, Docker's archives, root file systems. */
public final class Exporter {
  private static final int BUFFER = 1 << 16;

  private final Stores stores;
  private final Manifests manifests;

  /** Images and the names that they get in the archive; without names they are there by digest. */
  public record Named(ImageSet images, List<Reference> names) {
    public Named {
      names = List.copyOf(names);
    }
  }

  public Exporter(Stores stores, Manifests manifests) {
    this.stores = stores;
    this.manifests = manifests;
  }

  /**
   * An OCI layout as a directory; images are added to one that is there.
   *
   * @return the manifest or index of each
   */
  public List<Descriptor> ociDirectory(
      List<Named> images,
      LayerCompression compression,
      SortedMap<String, String> annotations,
      Path directory)
      throws IOException {
    OciLayout layout = OciLayout.create(directory);
    List<Descriptor> made = new ArrayList<>();
    for (Named named : images) {
      Documents documents = manifests.documents(named.images(), compression, annotations);
      for (Descriptor blob : documents.contents()) {
        copy(blob, layout);
      }
      Descriptor manifest = described(documents.root(), named.images());
      if (named.names().isEmpty()) {
        layout.add(manifest, Optional.empty());
      }
      for (Reference name : named.names()) {
        layout.add(withImageName(manifest, name), Optional.of(refName(name)));
      }
      made.add(documents.root().descriptor());
    }
    return made;
  }

  /** An index says itself what it is for. */
  private static Descriptor described(Document root, ImageSet images) {
    return images.isIndex()
        ? root.descriptor()
        : root.descriptor().withPlatform(images.first().platform());
  }

  private void copy(Descriptor blob, OciLayout layout) throws IOException {
    if (layout.blobs().has(blob)) {
      return;
    }
    try (InputStream in = stores.blobs().open(blob);
        BlobIngest out = layout.blobs().begin(blob)) {
      in.transferTo(out);
      out.commit();
    }
  }

  /** What a tool that reads layouts looks for: the tag. */
  private static String refName(Reference name) {
    return name.tag().orElse(Reference.DEFAULT_TAG);
  }

  /** The whole name, as containerd and Docker write and read it beside the tag. */
  private static Descriptor withImageName(Descriptor manifest, Reference name) {
    Map<String, String> annotations = new TreeMap<>(manifest.annotations());
    annotations.put("io.containerd.image.name", name.toString());
    return manifest.withAnnotations(annotations);
  }

  /** An OCI layout as a tar archive. The same images give the same bytes. */
  public List<Descriptor> ociArchive(
      List<Named> images,
      LayerCompression compression,
      SortedMap<String, String> annotations,
      Destination destination)
      throws IOException {
    List<Descriptor> made = new ArrayList<>();
    List<Descriptor> index = new ArrayList<>();
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    for (Named named : images) {
      Documents documents = manifests.documents(named.images(), compression, annotations);
      made.add(documents.root().descriptor());
      documents.contents().forEach(blob -> blobs.put(blob.digest(), blob));
      Descriptor manifest = described(documents.root(), named.images());
      if (named.names().isEmpty()) {
        index.add(manifest);
      }
      for (Reference name : named.names()) {
        index.add(withRefName(withImageName(manifest, name), name));
      }
    }
    destination.write(
        out -> {
          TarWriter tar = new TarWriter(out);
          layoutHead(tar, Index.of(MediaTypes.OCI_INDEX, index).encode());
          for (Descriptor blob : blobs.values()) {
            blob(tar, blob);
          }
          tar.finish();
        });
    return made;
  }

  private static Descriptor withRefName(Descriptor manifest, Reference name) {
    Map<String, String> annotations = new TreeMap<>(manifest.annotations());
    annotations.put(Descriptor.REF_NAME, refName(name));
    return manifest.withAnnotations(annotations);
  }

  private static void layoutHead(TarWriter tar, byte[] index) throws IOException {
    file(
        tar,
        "oci-layout",
        Json.write(JsonObject.builder().put("imageLayoutVersion", "1.0.0").build()));
    file(tar, "index.json", index);
    directory(tar, "blobs");
    directory(tar, "blobs/sha256");
  }

  private static void directory(TarWriter tar, String name) throws IOException {
    tar.begin(TarEntry.of(TarType.DIRECTORY, ascii(name)).permissions(0755).build());
  }

  private static void file(TarWriter tar, String name, byte[] content) throws IOException {
    tar.begin(
        TarEntry.of(TarType.REGULAR, ascii(name)).permissions(0644).size(content.length).build());
    tar.write(content, 0, content.length);
  }

  private static byte[] ascii(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  private void blob(TarWriter tar, Descriptor blob) throws IOException {
    String name = "blobs/" + blob.digest().algorithm().id() + "/" + blob.digest().hex();
    tar.begin(
        TarEntry.of(TarType.REGULAR, ascii(name)).permissions(0644).size(blob.size()).build());
    try (InputStream in = stores.blobs().open(blob)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        tar.write(buffer, 0, count);
      }
    }
  }

  /**
   * What {@code docker load} reads: an OCI layout with Docker's {@code manifest.json} beside it.
   */
  public void dockerArchive(List<Named> images, Destination destination)
      throws IOException, UserException {
    List<JsonValue> list = new ArrayList<>();
    List<Descriptor> index = new ArrayList<>();
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    for (Named named : images) {
      ImageRecord image = named.images().only("a docker archive");
      Document document = manifests.manifest(image, LayerCompression.NONE, new TreeMap<>());
      Documents.of(document).contents().forEach(blob -> blobs.put(blob.digest(), blob));
      Manifest manifest = (Manifest) document.content();
      list.add(
          JsonObject.builder()
              .put("Config", path(manifest.config()))
              .putStrings("RepoTags", named.names().stream().map(Reference::familiar).toList())
              .putStrings("Layers", manifest.layers().stream().map(Exporter::path).toList())
              .build());
      Descriptor entry = document.descriptor().withPlatform(image.platform());
      if (named.names().isEmpty()) {
        index.add(entry);
      }
      for (Reference name : named.names()) {
        index.add(withRefName(withImageName(entry, name), name));
      }
    }
    destination.write(
        out -> {
          TarWriter tar = new TarWriter(out);
          layoutHead(tar, Index.of(MediaTypes.OCI_INDEX, index).encode());
          file(tar, "manifest.json", Json.write(new JsonArray(list)));
          for (Descriptor blob : blobs.values()) {
            blob(tar, blob);
          }
          tar.finish();
        });
  }

  private static String path(Descriptor blob) {
    return "blobs/" + blob.digest().algorithm().id() + "/" + blob.digest().hex();
  }

  /** The merged tree as one tar; those of an index each in a directory: {@code linux_arm64}. */
  public void rootTar(ImageSet images, Destination destination) throws IOException {
    if (!images.isIndex()) {
      try (RootTree root = RootTree.open(stores, images.first().diffIds())) {
        destination.write(out -> LayerScanner.write(root.view().root(), false, out));
      }
      return;
    }
    TreeMap<String, Dir> trees = new TreeMap<>();
    try (Closing open = new Closing()) {
      for (Entry entry : images.entries()) {
        RootTree root = RootTree.open(stores, entry.image().diffIds());
        open.add(root);
        trees.put(directory(entry.platform()), root.view().root());
      }
      destination.write(out -> LayerScanner.writeBelow(trees, out));
    }
  }

  /**
   * The merged tree as a directory, which is made; those of an index in directories of their own.
   */
  public void rootDirectory(ImageSet images, Path directory) throws IOException, UserException {
    Files.createDirectories(directory);
    try (var entries = Files.list(directory)) {
      if (entries.findAny().isPresent()) {
        throw new UserException("output directory \"" + directory + "\" is not empty");
      }
    }
    if (!images.isIndex()) {
      TreeCopy.copy(stores, images.first().diffIds(), directory);
      return;
    }
    for (Entry entry : images.entries()) {
      Path own = Files.createDirectory(directory.resolve(directory(entry.platform())));
      TreeCopy.copy(stores, entry.image().diffIds(), own);
    }
  }

  /** As BuildKit names the directory of a platform: {@code linux_arm_v7}. */
  private static String directory(Platform platform) {
    return platform.toString().replace('/', '_');
  }

  /** A file, or the process's standard output. */
  public record Destination(Optional<Path> file, OutputStream standardOutput) {
    interface Content {
      void to(OutputStream out) throws IOException;
    }

    /** What would fail after a long build is told before it. */
    public void requireDirectory() throws NoSuchFileException {
      Path parent = file.map(target -> target.toAbsolutePath().getParent()).orElse(null);
      if (parent != null && !Files.isDirectory(parent)) {
        throw new NoSuchFileException(parent.toString());
      }
    }

    /** A file is written beside its place and renamed: it is whole, or not there. */
    void write(Content content) throws IOException {
      if (file.isEmpty()) {
        OutputStream out = new BufferedOutputStream(standardOutput, BUFFER);
        content.to(out);
        out.flush();
        return;
      }
      Path target = file.get().toAbsolutePath();
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER)) {
          content.to(out);
        }
        return;
      }
      requireDirectory();
      Path temporary = Files.createTempFile(target.getParent(), ".jbuild-", ".tmp");
      try {
        try (OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER)) {
          content.to(out);
        }
        Files.setPosixFilePermissions(
            temporary, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(temporary, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
