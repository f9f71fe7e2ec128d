package io.jbuild.registry;

import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Manifest;
import java.util.Optional;

/** One image of one platform, all but its layers; everything in it was verified. */
public final class PulledImage {
  private final Optional<Document> root;
  private final Document document;
  private final Manifest manifest;
  private final byte[] configBytes;
  private final ImageConfig config;

  PulledImage(
      Optional<Document> root,
      Document document,
      Manifest manifest,
      byte[] configBytes,
      ImageConfig config) {
    this.root = root;
    this.document = document;
    this.manifest = manifest;
    this.configBytes = configBytes;
    this.config = config;
  }

  /** The index that the reference named, if it named one; its digest is what a user would pin. */
  public Optional<Document> index() {
    return root;
  }

  /** The manifest's bytes and descriptor. */
  public Document document() {
    return document;
  }

  public Manifest manifest() {
    return manifest;
  }

  /** As it came: its digest is the image ID. */
  public byte[] configBytes() {
    return configBytes.clone();
  }

  public ImageConfig config() {
    return config;
  }
}
