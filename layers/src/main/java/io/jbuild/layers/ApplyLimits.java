package io.jbuild.layers;

import io.jbuild.layers.tar.TarLimits;

/**
 * Where unpacking stops.
 *
 * @param entries entries of one layer
 * @param bytes bytes of one uncompressed layer, and of the files in it with their holes
 * @param expansion uncompressed bytes for each compressed one, counted once there are more than a
 *     gigabyte
 */
public record ApplyLimits(long entries, long bytes, int expansion, TarLimits tar) {
  /** Two million files, 256 GiB, and half of what DEFLATE can reach at most (1,032 : 1). */
  public static final ApplyLimits DEFAULT =
      new ApplyLimits(2_000_000, 256L << 30, 500, TarLimits.DEFAULT);

  /** Output that is never called a bomb, whatever it came from. */
  static final long HARMLESS = 1L << 30;

  public ApplyLimits {
    if (entries < 1 || bytes < 1 || expansion < 1) {
      throw new IllegalArgumentException("limits " + entries + ", " + bytes + ", " + expansion);
    }
  }
}
