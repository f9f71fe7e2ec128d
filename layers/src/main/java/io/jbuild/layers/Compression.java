package io.jbuild.layers;

import io.jbuild.oci.MediaTypes;

/** How a layer's blob is compressed. */
public enum Compression {
  NONE(MediaTypes.OCI_LAYER, 0, 0, 0),
  GZIP(MediaTypes.OCI_LAYER_GZIP, 1, 4, 9),
  ZSTD(MediaTypes.OCI_LAYER_ZSTD, 1, 3, 19);

  private final String mediaType;
  private final int lowest;
  private final int usual;
  private final int highest;

  Compression(String mediaType, int lowest, int usual, int highest) {
    this.mediaType = mediaType;
    this.lowest = lowest;
    this.usual = usual;
    this.highest = highest;
  }

  /** The OCI media type of such a layer. */
  public String mediaType() {
    return mediaType;
  }

  /** The level that costs little for nearly all of the gain. */
  public int usualLevel() {
    return usual;
  }

  public boolean isLevel(int level) {
    return level >= lowest && level <= highest;
  }

  /** {@code 1 to 9}, for people who gave another. */
  public String levels() {
    return lowest + " to " + highest;
  }
}
