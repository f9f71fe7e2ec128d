package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.Set;

/** The media types of images, OCI's and Docker's. */
public final class MediaTypes {
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
  public static final String OCI_LAYER_GZIP = OCI_LAYER + "+gzip";
  public static final String OCI_LAYER_ZSTD = OCI_LAYER + "+zstd";
  public static final String OCI_EMPTY = "application/vnd.oci.empty.v1+json";

  public static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
  public static final String DOCKER_LAYER_GZIP = DOCKER_LAYER + ".gzip";
  public static final String DOCKER_LAYER_ZSTD = DOCKER_LAYER + ".zstd";

  private static final String OCI_FOREIGN =
      "application/vnd.oci.image.layer.nondistributable.v1.tar";
  private static final String DOCKER_FOREIGN =
      "application/vnd.docker.image.rootfs.foreign.diff.tar";

  private static final Set<String> PLAIN =
      Set.of(OCI_LAYER, DOCKER_LAYER, OCI_FOREIGN, DOCKER_FOREIGN);
  private static final Set<String> GZIP =
      Set.of(OCI_LAYER_GZIP, DOCKER_LAYER_GZIP, OCI_FOREIGN + "+gzip", DOCKER_FOREIGN + ".gzip");
  private static final Set<String> ZSTD =
      Set.of(OCI_LAYER_ZSTD, DOCKER_LAYER_ZSTD, OCI_FOREIGN + "+zstd");
  private static final int MAX_LENGTH = 255;

  private MediaTypes() {}

  public static boolean isIndex(String type) {
    return type.equals(OCI_INDEX) || type.equals(DOCKER_INDEX);
  }

  public static boolean isManifest(String type) {
    return type.equals(OCI_MANIFEST) || type.equals(DOCKER_MANIFEST);
  }

  public static boolean isConfig(String type) {
    return type.equals(OCI_CONFIG) || type.equals(DOCKER_CONFIG);
  }

  /** A layer of any compression that images may have. */
  public static boolean isLayer(String type) {
    return PLAIN.contains(type) || GZIP.contains(type) || ZSTD.contains(type);
  }

  public static boolean isGzipLayer(String type) {
    return GZIP.contains(type);
  }

  public static boolean isZstdLayer(String type) {
    return ZSTD.contains(type);
  }

  /** A layer that its owner forbids to push to other registries; registries may not hold it. */
  public static boolean isForeignLayer(String type) {
    return type.startsWith(OCI_FOREIGN) || type.startsWith(DOCKER_FOREIGN);
  }

  /** Docker's schema 1, which has no config and cannot be verified by diffIDs. */
  static boolean isSchema1(String type) {
    return type.startsWith("application/vnd.docker.distribution.manifest.v1+");
  }

  /** Whether it is {@code type/subtype} (RFC 6838), in visible ASCII. */
  static boolean isValid(String type) {
    int slash = type.indexOf('/');
    return type.length() <= MAX_LENGTH
        && slash > 0
        && slash < type.length() - 1
        && type.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  static String check(String type) throws MalformedException {
    if (!isValid(type)) {
      throw new MalformedException("invalid media type " + Printable.quote(type));
    }
    return type;
  }
}
