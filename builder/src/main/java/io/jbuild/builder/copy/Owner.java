package io.jbuild.builder.copy;

/** Numeric owner and group, as {@code --chown} means them in the image. */
public record Owner(long uid, long gid) {
  public static final Owner ROOT = new Owner(0, 0);

  private static final long MAX = 0xfffffffeL; // chown takes 2^32 - 1 for "unchanged"

  public Owner {
    if (uid < 0 || uid > MAX || gid < 0 || gid > MAX) {
      throw new IllegalArgumentException("owner " + uid + ":" + gid);
    }
  }
}
