package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.ManifestOrIndex;

/**
 * A manifest or index as the bytes that came or are to be sent, with the descriptor that they match
 * and what they say.
 */
public final class Document {
  private final Descriptor descriptor;
  private final byte[] bytes;
  private final ManifestOrIndex content;

  Document(Descriptor descriptor, byte[] bytes, ManifestOrIndex content) {
    this.descriptor = descriptor;
    this.bytes = bytes;
    this.content = content;
  }

  /** What is to be sent, in its own encoding. */
  public static Document of(ManifestOrIndex content) {
    byte[] bytes = content.encode();
    return new Document(Descriptor.of(content.mediaType(), bytes), bytes, content);
  }

  /** Bytes that came from somewhere else and are sent as they are. */
  public static Document of(String mediaType, byte[] bytes)
      throws io.jbuild.oci.text.MalformedException {
    byte[] copy = bytes.clone();
    return new Document(
        Descriptor.of(mediaType, copy), copy, ManifestOrIndex.read(copy, mediaType));
  }

  public Descriptor descriptor() {
    return descriptor;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public ManifestOrIndex content() {
    return content;
  }

  @Override
  public String toString() {
    return descriptor.toString();
  }
}
