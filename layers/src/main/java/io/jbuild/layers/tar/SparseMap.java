package io.jbuild.layers.tar;

import java.util.Arrays;
import java.util.OptionalLong;

/** Where the stored bytes of a sparse file belong; what lies between them is zeros. */
final class SparseMap {
  private long[] offsets = new long[16];
  private long[] lengths = new long[16];
  private int regions;
  private long stored;
  private long end;

  private final int maxRegions;

  SparseMap(int maxRegions) {
    this.maxRegions = maxRegions;
  }

  /** Adds a region, which has to lie behind those before it. */
  void add(OptionalLong offset, OptionalLong length) throws BadArchiveException {
    if (offset.isEmpty() || length.isEmpty()) {
      throw new BadArchiveException("sparse map: not a number");
    }
    add(offset.getAsLong(), length.getAsLong());
  }

  private void add(long offset, long length) throws BadArchiveException {
    if (offset < end || length < 0 || length > Long.MAX_VALUE - offset) {
      throw new BadArchiveException(
          "sparse map: region " + offset + "+" + length + " overlaps or is out of range");
    }
    if (regions == maxRegions) {
      throw new BadArchiveException("sparse map: more than " + maxRegions + " regions");
    }
    if (regions == offsets.length) {
      offsets = Arrays.copyOf(offsets, regions * 2);
      lengths = Arrays.copyOf(lengths, regions * 2);
    }
    offsets[regions] = offset;
    lengths[regions++] = length;
    stored += length;
    end = offset + length;
  }

  /** Checks the whole against the file's two sizes. */
  SparseMap complete(long logicalSize, long storedSize) throws BadArchiveException {
    if (end > logicalSize || stored != storedSize) {
      throw new BadArchiveException(
          "sparse map: regions up to "
              + end
              + " with "
              + stored
              + " bytes for a file of "
              + logicalSize
              + " with "
              + storedSize);
    }
    return this;
  }

  int regions() {
    return regions;
  }

  long offset(int region) {
    return offsets[region];
  }

  long length(int region) {
    return lengths[region];
  }
}
