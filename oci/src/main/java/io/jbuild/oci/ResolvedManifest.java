package io.jbuild.oci;

/**
 * A manifest, the descriptor that led to it, and its bytes as they came: what is stored and pushed.
 */
public final class ResolvedManifest {
  private final Descriptor descriptor;
  private final Manifest manifest;
  private final byte[] bytes;

  ResolvedManifest(Descriptor descriptor, Manifest manifest, byte[] bytes) {
    this.descriptor = descriptor;
    this.manifest = manifest;
    this.bytes = bytes.clone();
  }

  public Descriptor descriptor() {
    return descriptor;
  }

  public Manifest manifest() {
    return manifest;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return descriptor.toString();
  }
}
