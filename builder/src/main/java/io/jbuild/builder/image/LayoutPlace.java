package io.jbuild.builder.image;

import io.jbuild.builder.UserException;
import io.jbuild.oci.Digest;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.ResolvedManifest;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.layout.OciLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where in an OCI layout an image is. */
record LayoutPlace(Path directory, Optional<String> name, Optional<Digest> digest) {

  /** An image that was found, and how to read its blobs. */
  record Found(Puller.Arrival arrival, Puller.BlobReader reader) {}

  static LayoutPlace parse(String text) throws IOException, UserException {
    int at = text.lastIndexOf('@');
    if (at > 0) {
      return new LayoutPlace(
          Path.of(text.substring(0, at)),
          Optional.empty(),
          Optional.of(Digest.parse(text.substring(at + 1))));
    }
    int colon = text.lastIndexOf(':');
    if (colon > text.lastIndexOf('/') && !Files.isDirectory(Path.of(text))) {
      return new LayoutPlace(
          Path.of(text.substring(0, colon)),
          Optional.of(text.substring(colon + 1)),
          Optional.empty());
    }
    return new LayoutPlace(Path.of(text), Optional.empty(), Optional.empty());
  }

  Found resolve(Platform platform) throws IOException {
    OciLayout layout = OciLayout.open(directory);
    ResolvedManifest resolved =
        digest.isPresent()
            ? layout.resolve(digest.get(), platform)
            : name.isPresent() ? layout.resolve(name.get(), platform) : layout.resolve(platform);
    return found(layout, resolved);
  }

  static Found found(OciLayout layout, ResolvedManifest resolved) throws IOException {
    Manifest manifest = resolved.manifest().requireImage();
    byte[] configBytes = layout.blobs().read(manifest.config(), Json.MAX_BYTES);
    ImageConfig config = ImageConfig.read(configBytes);
    config.requireLayers(manifest.layers().size());
    return new Found(
        new Puller.Arrival(resolved.descriptor(), resolved.bytes(), manifest, configBytes, config),
        blob -> layout.blobs().open(blob));
  }
}
