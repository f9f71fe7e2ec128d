package io.jbuild.builder.web;

import io.jbuild.builder.UserException;
import io.jbuild.oci.Digest;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code --checksum} says of a file: {@code sha256:}, {@code sha384:} or {@code sha512:} and
 * hex digits. Files are kept by SHA-256; one that has another checksum is hashed twice.
 */
public record Checksum(String algorithm, String hex) {
  private record Kind(String name, int digits) {}

  private static final Map<String, Kind> KINDS =
      Map.of(
          "sha256", new Kind("SHA-256", 64),
          "sha384", new Kind("SHA-384", 96),
          "sha512", new Kind("SHA-512", 128));
  private static final int BUFFER = 1 << 16;

  public Checksum {
    Kind kind = KINDS.get(algorithm);
    if (kind == null || !hex.matches("[0-9a-f]{" + kind.digits + "}")) {
      throw new IllegalArgumentException("no checksum: " + algorithm + ":" + hex);
    }
  }

  public static Checksum parse(String text) throws UserException {
    int colon = text.indexOf(':');
    String algorithm = text.substring(0, Math.max(colon, 0));
    Kind kind = KINDS.get(algorithm);
    if (kind == null) {
      throw new UserException(
          "checksum " + Printable.quote(text) + ": expected sha256:, sha384: or sha512:");
    }
    String hex = text.substring(colon + 1);
    if (!hex.matches("[0-9a-f]{" + kind.digits + "}")) {
      throw new UserException(
          "checksum "
              + Printable.quote(text)
              + ": expected "
              + kind.digits
              + " lower-case hex digits after the colon");
    }
    return new Checksum(algorithm, hex);
  }

  /** The same as a digest by which files are kept. */
  Optional<Digest> asContent() {
    return Digest.Algorithm.SHA256.id().equals(algorithm)
        ? Digest.Algorithm.SHA256.digestOf(hex)
        : Optional.empty();
  }

  MessageDigest newDigester() {
    try {
      return MessageDigest.getInstance(java.util.Objects.requireNonNull(KINDS.get(algorithm)).name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the SHA-2 family is part of every JDK", e);
    }
  }

  /** With the same algorithm, of what was hashed. */
  Checksum of(MessageDigest digester) {
    return new Checksum(algorithm, HexFormat.of().formatHex(digester.digest()));
  }

  Checksum of(InputStream content) throws IOException {
    MessageDigest digester = newDigester();
    byte[] buffer = new byte[BUFFER];
    for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
      digester.update(buffer, 0, count);
    }
    return of(digester);
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
