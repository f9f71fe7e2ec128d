package io.jbuild.layers;

/**
 * Compresses one block of a stream by itself: the same bytes whoever does it, and beside whatever
 * else.
 */
interface BlockCoder {
  /** Every block but the last has this size. */
  int blockSize();

  byte[] encode(byte[] block, int length);
}
