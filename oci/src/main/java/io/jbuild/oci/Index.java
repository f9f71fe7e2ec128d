package io.jbuild.oci;

import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Several images, usually one for each platform. Like a manifest, kept as the bytes that came. */
public record Index(
    String mediaType,
    Optional<String> artifactType,
    List<Descriptor> manifests,
    Optional<Descriptor> subject,
    SortedMap<String, String> annotations)
    implements ManifestOrIndex {

  private static final List<String> FIELDS =
      List.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "manifests",
          "layers",
          "config",
          "subject",
          "annotations");

  public Index {
    manifests = List.copyOf(manifests);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    if (!MediaTypes.isIndex(mediaType)) {
      throw new IllegalArgumentException("no index: " + mediaType);
    }
  }

  public static Index of(String mediaType, List<Descriptor> manifests) {
    return new Index(mediaType, Optional.empty(), manifests, Optional.empty(), new TreeMap<>());
  }

  static Index read(byte[] bytes, Optional<String> declared) throws MalformedException {
    try {
      JsonObject json = ManifestOrIndex.checkedObject(bytes, declared, FIELDS, "layers");
      if (json.find("config").isPresent()) {
        throw new MalformedException("field \"config\" belongs to another kind of document");
      }
      return fromJson(json, declared);
    } catch (MalformedException e) {
      throw e.in("index");
    }
  }

  private static Index fromJson(JsonObject json, Optional<String> declared)
      throws MalformedException {
    String type = json.optionalString("mediaType").or(() -> declared).orElse(MediaTypes.OCI_INDEX);
    if (!MediaTypes.isIndex(type)) {
      throw new MalformedException("no index: media type " + Printable.quote(type));
    }
    return new Index(
        type,
        json.optionalString("artifactType"),
        json.list("manifests", Descriptor::fromJson),
        json.optional("subject", Descriptor::fromJson),
        json.stringMap("annotations"));
  }

  @Override
  public JsonObject toJson() {
    List<JsonValue> values = new ArrayList<>(manifests.size());
    manifests.forEach(manifest -> values.add(manifest.toJson()));
    return JsonObject.builder()
        .put("schemaVersion", 2)
        .put("mediaType", mediaType)
        .putIfAny("artifactType", artifactType.orElse(""))
        .put("manifests", new JsonArray(values))
        .putIfAny("subject", subject.map(Descriptor::toJson))
        .putIfAny("annotations", annotations)
        .build();
  }
}
