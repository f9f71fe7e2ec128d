package io.jbuild.layers.tar;

/**
 * What a reader accepts before it allocates.
 *
 * @param headerBytes one PAX header, GNU long name or sparse map
 * @param sparseRegions regions of one sparse file
 */
public record TarLimits(int headerBytes, int sparseRegions) {
  public static final TarLimits DEFAULT = new TarLimits(1 << 20, 1 << 16);

  public TarLimits {
    if (headerBytes < TarReader.BLOCK || sparseRegions < 1) {
      throw new IllegalArgumentException("tar limits " + headerBytes + ", " + sparseRegions);
    }
  }
}
