package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.History;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Index;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One image with two layers whose bytes mean nothing, and an index that holds it. */
final class Sample {
  static final Platform AMD64 = Platform.of("linux", "amd64");
  static final String REPOSITORY = "team/app";

  final byte[] large = random(1, 300_000);
  final byte[] small = random(2, 700);
  final byte[] config;
  final Descriptor largeLayer = Descriptor.of(MediaTypes.OCI_LAYER, large);
  final Descriptor smallLayer = Descriptor.of(MediaTypes.OCI_LAYER, small);
  final Document manifest;
  final Document index;

  Sample() {
    ImageConfig image = ImageConfig.scratch(AMD64);
    for (byte[] layer : List.of(large, small)) {
      image = image.withLayer(new DiffId(Digest.sha256(layer)), step());
    }
    config = image.encode();
    Descriptor configDescriptor = Descriptor.of(MediaTypes.OCI_CONFIG, config);
    manifest =
        Document.of(
            Manifest.of(
                MediaTypes.OCI_MANIFEST, configDescriptor, List.of(largeLayer, smallLayer)));
    index =
        Document.of(
            Index.of(MediaTypes.OCI_INDEX, List.of(manifest.descriptor().withPlatform(AMD64))));
  }

  private static History step() {
    return new History(Optional.of(Instant.EPOCH), "COPY", "", "", false);
  }

  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  void storeIn(MemoryRegistry registry) {
    registry.addBlob(REPOSITORY, large);
    registry.addBlob(REPOSITORY, small);
    registry.addBlob(REPOSITORY, config);
    registry.addManifest(REPOSITORY, "single", manifest.descriptor().mediaType(), manifest.bytes());
    registry.addManifest(REPOSITORY, "multi", index.descriptor().mediaType(), index.bytes());
  }

  ImagePush push(String... tags) {
    List<ImagePush.Blob> blobs = new ArrayList<>();
    blobs.add(ImagePush.Blob.of(largeLayer, () -> new java.io.ByteArrayInputStream(large)));
    blobs.add(ImagePush.Blob.of(smallLayer, () -> new java.io.ByteArrayInputStream(small)));
    Descriptor configDescriptor = Descriptor.of(MediaTypes.OCI_CONFIG, config);
    blobs.add(ImagePush.Blob.of(configDescriptor, () -> new java.io.ByteArrayInputStream(config)));
    return new ImagePush(blobs, List.of(manifest), List.of(tags), UploadMode.WHOLE);
  }
}
