package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Reference;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a name stands for in the store.
 *
 * @param images one image for each platform that is here, the one named last first
 * @param source the manifest or index that the name had in the registry when it was pulled
 */
public record NameRecord(Reference reference, List<Digest> images, Optional<Descriptor> source) {

  public NameRecord {
    images = List.copyOf(images);
  }

  /** Where the record of a name lies. */
  static Digest key(Reference reference) {
    return Digest.sha256(reference.toString().getBytes(StandardCharsets.UTF_8));
  }

  byte[] encode() {
    return Json.write(
        JsonObject.builder()
            .put("name", reference.toString())
            .putStrings("images", images.stream().map(Digest::toString).toList())
            .putIfAny("source", source.map(Descriptor::toJson))
            .build());
  }

  static NameRecord decode(byte[] bytes) throws MalformedException {
    JsonObject json = Json.readObject(bytes);
    return new NameRecord(
        Reference.parse(json.string("name")),
        json.list("images", id -> Digest.parse(id.asString())),
        json.optional("source", Descriptor::fromJson));
  }
}
