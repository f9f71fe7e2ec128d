package io.jbuild.registry;

import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.ResolvedManifest;
import java.util.Optional;

/** One image of one platform, all but its layers; everything in it was verified. */
public final class PulledImage {
  private final Optional<Document> index;
  private final ResolvedManifest resolved;
  private final byte[] configBytes;
  private final ImageConfig config;

  PulledImage(
      Optional<Document> index, ResolvedManifest resolved, byte[] configBytes, ImageConfig config) {
    this.index = index;
    this.resolved = resolved;
    this.configBytes = configBytes;
    this.config = config;
  }

  /** The index that the reference named, if it named one; its digest is what a user would pin. */
  public Optional<Document> index() {
    return index;
  }

  /** The manifest with its bytes and descriptor. */
  public ResolvedManifest resolved() {
    return resolved;
  }

  public Manifest manifest() {
    return resolved.manifest();
  }

  /** As it came: its digest is the image ID. */
  public byte[] configBytes() {
    return configBytes.clone();
  }

  public ImageConfig config() {
    return config;
  }
}
