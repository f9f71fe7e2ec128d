package io.jbuild.oci;

import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Points to a content: its type, digest and size in bytes.
 *
 * @param urls where else the content may be; never fetched unless the user allows it
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    List<String> urls,
    SortedMap<String, String> annotations,
    Optional<Platform> platform,
    Optional<String> artifactType) {

  /** The name of an image within an OCI layout's index. */
  public static final String REF_NAME = "org.opencontainers.image.ref.name";

  private static final List<String> FIELDS =
      List.of(
          "mediaType", "digest", "size", "urls", "annotations", "data", "platform", "artifactType");

  public Descriptor {
    urls = List.copyOf(urls);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    if (size < 0 || !MediaTypes.isValid(mediaType)) {
      throw new IllegalArgumentException("invalid descriptor: " + mediaType + ", size " + size);
    }
  }

  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(
        mediaType, digest, size, List.of(), new TreeMap<>(), Optional.empty(), Optional.empty());
  }

  /** Describes these bytes, by SHA-256. */
  public static Descriptor of(String mediaType, byte[] content) {
    return of(mediaType, Digest.sha256(content), content.length);
  }

  public Descriptor withPlatform(Platform newPlatform) {
    return new Descriptor(
        mediaType, digest, size, urls, annotations, Optional.of(newPlatform), artifactType);
  }

  public Descriptor withAnnotations(Map<String, String> newAnnotations) {
    return new Descriptor(
        mediaType, digest, size, urls, new TreeMap<>(newAnnotations), platform, artifactType);
  }

  /** The same content under another type. */
  public Descriptor withMediaType(String newType) {
    return new Descriptor(newType, digest, size, urls, annotations, platform, artifactType);
  }

  /** An SBOM or provenance that BuildKit put beside images; no image to run. */
  public boolean isAttestation() {
    return annotations.containsKey("vnd.docker.reference.type")
        || platform.filter(p -> p.os().equals("unknown")).isPresent();
  }

  /**
   * Strict about everything that decides which content is meant. The {@code data} field is ignored:
   * the content is read where its digest is checked.
   */
  public static Descriptor fromJson(JsonValue value) throws MalformedException {
    JsonObject json = value.asObject();
    json.refuseLookalikes(FIELDS);
    long size = json.integer("size");
    if (size < 0) {
      throw new MalformedException("field \"size\": negative: " + size);
    }
    return new Descriptor(
        MediaTypes.check(json.string("mediaType")),
        json.required("digest", digest -> Digest.parse(digest.asString())),
        size,
        json.strings("urls"),
        json.stringMap("annotations"),
        json.optional("platform", platform -> Platform.fromJson(platform.asObject())),
        json.optionalString("artifactType"));
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("mediaType", mediaType)
        .put("digest", digest.toString())
        .put("size", size)
        .putIfAny("urls", urls)
        .putIfAny("annotations", annotations)
        .putIfAny("platform", platform.map(Platform::toJson))
        .putIfAny("artifactType", artifactType.orElse(""))
        .build();
  }

  @Override
  public String toString() {
    return digest + " (" + mediaType + ", " + size + " bytes)";
  }
}
