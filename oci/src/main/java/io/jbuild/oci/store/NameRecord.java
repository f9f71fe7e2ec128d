package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a name stands for in the store: an image, or an index of several.
 *
 * @param images one for each platform that is here: those of an index in its order, those that were
 *     pulled one by one with the last one first
 * @param platforms that the index names its images with, one for each, even if there is only one;
 *     empty where the name got no index as a whole, as in records that had no such field: then each
 *     image is for the platform that it says itself
 * @param source the manifest or index that the name had in the registry when it was pulled
 */
public record NameRecord(
    Reference reference,
    List<Digest> images,
    List<Platform> platforms,
    Optional<Descriptor> source) {

  public NameRecord {
    images = List.copyOf(images);
    platforms = List.copyOf(platforms);
    if (!platforms.isEmpty() && platforms.size() != images.size()) {
      throw new IllegalArgumentException(
          platforms.size() + " platforms for " + images.size() + " images");
    }
  }

  public NameRecord(Reference reference, List<Digest> images, Optional<Descriptor> source) {
    this(reference, images, List.of(), source);
  }

  /** Whether it is pushed and saved as an index. */
  public boolean isIndex() {
    return images.size() > 1 || !platforms.isEmpty();
  }

  /** Another name for the same. */
  public NameRecord renamed(Reference other) {
    return new NameRecord(other, images, platforms, source);
  }

  /** Where the record of a name lies. */
  static Digest key(Reference reference) {
    return Digest.sha256(reference.toString().getBytes(StandardCharsets.UTF_8));
  }

  byte[] encode() {
    List<JsonValue> known = platforms.stream().map(p -> (JsonValue) p.toJson()).toList();
    return Json.write(
        JsonObject.builder()
            .put("name", reference.toString())
            .putStrings("images", images.stream().map(Digest::toString).toList())
            .putIfAny(
                "platforms", known.isEmpty() ? Optional.empty() : Optional.of(new JsonArray(known)))
            .putIfAny("source", source.map(Descriptor::toJson))
            .build());
  }

  static NameRecord decode(byte[] bytes) throws MalformedException {
    JsonObject json = Json.readObject(bytes);
    List<Digest> images = json.list("images", id -> Digest.parse(id.asString()));
    List<Platform> platforms = json.list("platforms", p -> Platform.fromJson(p.asObject()));
    if (!platforms.isEmpty() && platforms.size() != images.size()) {
      throw new MalformedException("field \"platforms\": not one for each image");
    }
    return new NameRecord(
        Reference.parse(json.string("name")),
        images,
        platforms,
        json.optional("source", Descriptor::fromJson));
  }
}
