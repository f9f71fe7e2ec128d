package io.jbuild.builder.context;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 digest of a file's content, compact: a build holds one for every file of its context.
 */
public final class ContentDigest {
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private ContentDigest(byte[] owned) {
    this.bytes = owned;
  }

  public static ContentDigest of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a SHA-256 digest of " + bytes.length + " bytes");
    }
    return new ContentDigest(bytes.clone());
  }

  /** Takes the bytes over; nobody changes them from now on. */
  static ContentDigest owning(byte[] bytes) {
    return new ContentDigest(bytes);
  }

  /** The digest of what has gone into {@code sha256}, which is reset by that. */
  public static ContentDigest from(MessageDigest sha256) {
    return owning(sha256.digest());
  }

  /** The digest of bytes in memory. */
  public static ContentDigest digest(byte[] content) {
    return from(update(sha256(), content));
  }

  private static MessageDigest update(MessageDigest digest, byte[] content) {
    digest.update(content);
    return digest;
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ContentDigest that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "sha256:" + hex();
  }
}
