package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;

/** The digest of a layer's uncompressed tar: the layer's identity, however it is compressed. */
public record DiffId(Digest digest) implements Comparable<DiffId> {

  public static DiffId parse(String text) throws MalformedException {
    return new DiffId(Digest.parse(text));
  }

  @Override
  public int compareTo(DiffId other) {
    return digest.compareTo(other.digest);
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
