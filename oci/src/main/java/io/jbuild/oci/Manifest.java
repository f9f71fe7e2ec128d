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

/**
 * One image for one platform: its config and its layers, bottom first.
 *
 * <p>A manifest that was fetched is stored and pushed as the bytes that came: {@link #encode} of a
 * value that was read need not give them back.
 */
public record Manifest(
    String mediaType,
    Optional<String> artifactType,
    Descriptor config,
    List<Descriptor> layers,
    Optional<Descriptor> subject,
    SortedMap<String, String> annotations)
    implements ManifestOrIndex {

  private static final List<String> FIELDS =
      List.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "layers",
          "manifests",
          "subject",
          "annotations",
          "fsLayers");

  public Manifest {
    layers = List.copyOf(layers);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    if (!MediaTypes.isManifest(mediaType)) {
      throw new IllegalArgumentException("no manifest: " + mediaType);
    }
  }

  public static Manifest of(String mediaType, Descriptor config, List<Descriptor> layers) {
    return new Manifest(
        mediaType, Optional.empty(), config, layers, Optional.empty(), new TreeMap<>());
  }

  static Manifest read(byte[] bytes, Optional<String> declared) throws MalformedException {
    try {
      return fromJson(
          ManifestOrIndex.checkedObject(bytes, declared, FIELDS, "manifests"), declared);
    } catch (MalformedException e) {
      throw e.in("manifest");
    }
  }

  private static Manifest fromJson(JsonObject json, Optional<String> declared)
      throws MalformedException {
    if (json.find("fsLayers").isPresent()) {
      throw new MalformedException("manifests of Docker's schema 1 are not supported");
    }
    String type =
        json.optionalString("mediaType").or(() -> declared).orElse(MediaTypes.OCI_MANIFEST);
    if (!MediaTypes.isManifest(type)) {
      throw new MalformedException("no manifest: media type " + Printable.quote(type));
    }
    return new Manifest(
        type,
        json.optionalString("artifactType"),
        json.required("config", Descriptor::fromJson),
        json.list("layers", Descriptor::fromJson),
        json.optional("subject", Descriptor::fromJson),
        json.stringMap("annotations"));
  }

  /**
   * Refuses what is no runnable image: artifacts, encrypted or unknown layers, an oversized config.
   */
  public Manifest requireImage() throws MalformedException {
    if (!MediaTypes.isConfig(config.mediaType())) {
      throw new MalformedException(
          "manifest: no image: config of type " + Printable.quote(config.mediaType()));
    }
    for (Descriptor layer : layers) {
      if (!MediaTypes.isLayer(layer.mediaType())) {
        throw new MalformedException(
            "manifest: unsupported layer type " + Printable.quote(layer.mediaType()));
      }
    }
    return this;
  }

  public Manifest withAnnotations(SortedMap<String, String> newAnnotations) {
    return new Manifest(mediaType, artifactType, config, layers, subject, newAnnotations);
  }

  @Override
  public JsonObject toJson() {
    List<JsonValue> layerValues = new ArrayList<>(layers.size());
    layers.forEach(layer -> layerValues.add(layer.toJson()));
    return JsonObject.builder()
        .put("schemaVersion", 2)
        .put("mediaType", mediaType)
        .putIfAny("artifactType", artifactType.orElse(""))
        .put("config", config.toJson())
        .put("layers", new JsonArray(layerValues))
        .putIfAny("subject", subject.map(Descriptor::toJson))
        .putIfAny("annotations", annotations)
        .build();
  }
}
