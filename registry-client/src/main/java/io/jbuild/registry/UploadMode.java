package io.jbuild.registry;

/**
 * How blobs are sent.
 *
 * @param chunkBytes the longest request body, or 0 for whole blobs; a registry that refuses long
 *     bodies gets shorter ones in either case
 */
public record UploadMode(long chunkBytes) {
  public static final UploadMode WHOLE = new UploadMode(0);

  public UploadMode {
    if (chunkBytes < 0) {
      throw new IllegalArgumentException("negative chunk size " + chunkBytes);
    }
  }

  public static UploadMode chunked(long bytes) {
    return new UploadMode(bytes);
  }
}
