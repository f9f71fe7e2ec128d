package io.jbuild.oci;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The identity of a stack of layers (image specification, config, "Layer ChainID"). */
public record ChainId(Digest digest) implements Comparable<ChainId> {

  /** The chain of the layers, bottom first. There is none of no layers. */
  public static ChainId of(List<DiffId> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("no chainID of no layers");
    }
    ChainId chain = new ChainId(layers.get(0).digest());
    for (DiffId layer : layers.subList(1, layers.size())) {
      chain = chain.append(layer);
    }
    return chain;
  }

  /** This stack with one more layer on top. */
  public ChainId append(DiffId layer) {
    byte[] text = (digest + " " + layer).getBytes(StandardCharsets.US_ASCII);
    return new ChainId(Digest.of(digest.algorithm(), text));
  }

  @Override
  public int compareTo(ChainId other) {
    return digest.compareTo(other.digest);
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
