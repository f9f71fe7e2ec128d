package io.jbuild.builder;

/** How layers are compressed when they leave the store. */
public enum LayerCompression {
  NONE,
  GZIP,
  ZSTD
}
