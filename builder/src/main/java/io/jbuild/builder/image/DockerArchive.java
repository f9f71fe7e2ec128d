package io.jbuild.builder.image;

import io.jbuild.builder.TransferListener;
import io.jbuild.builder.UserException;
import io.jbuild.builder.image.Exporter.Named;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Digester;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Reference;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import io.jbuild.overlay.TreeView;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An unpacked archive of {@code docker save} without an OCI layout in it: {@code manifest.json}
 * names configurations and layers. It has links for layers that occur twice, and may have hostile
 * ones.
 */
final class DockerArchive {
  private final Puller puller;
  private final Path directory;

  DockerArchive(Puller puller, Path directory) {
    this.puller = puller;
    this.directory = directory;
  }

  List<Named> load() throws IOException, UserException, InterruptedException {
    try (KernelDir root = KernelDir.open(directory);
        TreeView tree = TreeView.of(root)) {
      List<Named> all = new ArrayList<>();
      JsonValue list = Json.read(bytes(tree, "manifest.json"));
      for (JsonValue entry : list.asArray().values()) {
        all.add(image(tree, entry.asObject()));
      }
      return all;
    }
  }

  private Named image(TreeView tree, JsonObject entry)
      throws IOException, UserException, InterruptedException {
    byte[] configBytes = bytes(tree, entry.string("Config"));
    ImageConfig config = ImageConfig.read(configBytes);
    List<Descriptor> layers = new ArrayList<>();
    Map<Digest, String> files = new HashMap<>();
    for (String path : entry.strings("Layers")) {
      Descriptor layer = describe(tree, path);
      layers.add(layer);
      files.put(layer.digest(), path);
    }
    config.requireLayers(layers.size());
    Manifest manifest =
        Manifest.of(
            MediaTypes.OCI_MANIFEST, Descriptor.of(MediaTypes.OCI_CONFIG, configBytes), layers);
    byte[] encoded = manifest.encode();
    Puller.Arrival arrival =
        new Puller.Arrival(
            Descriptor.of(MediaTypes.OCI_MANIFEST, encoded),
            encoded,
            manifest,
            configBytes,
            config);
    ImageRecord image =
        puller.keepNow(
            arrival,
            blob -> open(tree, String.valueOf(files.get(blob.digest()))),
            "load",
            TransferListener.none());
    return new Named(ImageSet.of(image), names(entry));
  }

  private static List<Reference> names(JsonObject entry) throws MalformedException {
    List<Reference> names = new ArrayList<>();
    for (String tag : entry.strings("RepoTags")) {
      names.add(Reference.parse(tag));
    }
    return names;
  }

  private static Descriptor describe(TreeView tree, String path) throws IOException, UserException {
    Digester digester = Digest.Algorithm.SHA256.newDigester();
    long size = 0;
    boolean gzip = false;
    try (InputStream in = open(tree, path)) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        gzip |= size == 0 && count > 1 && buffer[0] == 0x1f && buffer[1] == (byte) 0x8b;
        digester.update(buffer, 0, count);
        size += count;
      }
    }
    String type = gzip ? MediaTypes.OCI_LAYER_GZIP : MediaTypes.OCI_LAYER;
    return Descriptor.of(type, digester.finish(), size);
  }

  private static byte[] bytes(TreeView tree, String path) throws IOException {
    try (InputStream in = open(tree, path)) {
      byte[] bytes = in.readNBytes(Json.MAX_BYTES + 1);
      if (bytes.length > Json.MAX_BYTES) {
        throw new MalformedException("\"" + path + "\" of the archive is too large");
      }
      return bytes;
    }
  }

  private static InputStream open(TreeView tree, String path) throws IOException {
    TreeView.Resolved found = tree.resolve(TreePath.parse(path));
    if (found.stat().isEmpty() || !found.stat().get().isRegular()) {
      throw new MalformedException(
          "manifest.json names " + Printable.quote(path) + ", which is no file of the archive");
    }
    InputFile file = tree.read(found.path());
    return new FilterInputStream(file.asStream()) {
      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
