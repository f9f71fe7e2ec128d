package io.jbuild.builder.copy;

import io.jbuild.builder.context.ContentDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A digest of fields, each with its length in front: joined fields have collided in other builders
 * and reused wrong layers.
 */
final class Framed {
  private final MessageDigest sha256 = ContentDigest.sha256();
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

  Framed bytes(byte[] field) {
    return raw(field.length).update(field);
  }

  Framed text(String field) {
    return bytes(field.getBytes(StandardCharsets.UTF_8));
  }

  Framed number(long field) {
    return raw(Long.BYTES).raw(field);
  }

  private Framed raw(long value) {
    number.clear().putLong(value).flip();
    sha256.update(number);
    return this;
  }

  private Framed update(byte[] field) {
    sha256.update(field);
    return this;
  }

  ContentDigest digest() {
    return ContentDigest.from(sha256);
  }
}
