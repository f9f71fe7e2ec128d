package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a content: {@code sha256:<64 lower-case hex digits>}. Safe as a path component or in
 * a URL, because nothing else can be parsed or constructed.
 */
public record Digest(Algorithm algorithm, String hex) implements Comparable<Digest> {

  /** The algorithms that the image specification registers. */
  public enum Algorithm {
    SHA256(64),
    SHA512(128),
    BLAKE3(64);

    private final String id = name().toLowerCase(Locale.ROOT);
    private final int hexLength;

    Algorithm(int hexLength) {
      this.hexLength = hexLength;
    }

    /** As it is written in a digest: {@code sha256}. */
    public String id() {
      return id;
    }

    public int hexLength() {
      return hexLength;
    }

    /** The algorithm written as {@code id}, exactly. */
    public static Optional<Algorithm> find(String id) {
      for (Algorithm algorithm : values()) {
        if (algorithm.id.equals(id)) {
          return Optional.of(algorithm);
        }
      }
      return Optional.empty();
    }

    /** The digest with this hex part, if that is what it is: for the names of files. */
    public Optional<Digest> digestOf(String hex) {
      return isHex(hex, this) ? Optional.of(new Digest(this, hex)) : Optional.empty();
    }

    public Digester newDigester() {
      return Digester.of(this);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  public Digest {
    if (!isHex(hex, algorithm)) {
      throw new IllegalArgumentException("not " + algorithm + " in hex: " + Printable.quote(hex));
    }
  }

  public static Digest parse(String text) throws MalformedException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw malformed(text, "expected algorithm:hex");
    }
    Optional<Algorithm> algorithm = Algorithm.find(text.substring(0, colon));
    if (algorithm.isEmpty()) {
      throw malformed(text, "the algorithm must be sha256, sha512 or blake3");
    }
    String hex = text.substring(colon + 1);
    if (!isHex(hex, algorithm.get())) {
      throw malformed(
          text,
          "expected " + algorithm.get().hexLength() + " lower-case hex digits after the colon");
    }
    return new Digest(algorithm.get(), hex);
  }

  public static Digest sha256(byte[] content) {
    return of(Algorithm.SHA256, content);
  }

  public static Digest of(Algorithm algorithm, byte[] content) {
    return algorithm.newDigester().update(content).finish();
  }

  /** The first twelve hex digits, as people write image IDs. */
  public String shortHex() {
    return hex.substring(0, 12);
  }

  private static boolean isHex(String hex, Algorithm algorithm) {
    if (hex.length() != algorithm.hexLength()) {
      return false;
    }
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static MalformedException malformed(String text, String why) {
    return new MalformedException("invalid digest " + Printable.quote(text) + ": " + why);
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return algorithm.id() + ":" + hex;
  }
}
