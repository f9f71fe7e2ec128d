package io.jbuild.oci;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What a tag may point to: one image's manifest, or an index of several. */
public sealed interface ManifestOrIndex permits Manifest, Index {

  String mediaType();

  SortedMap<String, String> annotations();

  JsonObject toJson();

  /** Compact JSON, the same for equal values. */
  default byte[] encode() {
    return Json.write(toJson());
  }

  /**
   * Reads a document that was announced as {@code declaredType}, by the descriptor that led to it
   * or by the Content-Type that came with it. That type and the document's own must agree, because
   * the same bytes read as the other kind would be another image (CVE-2021-41190).
   *
   * @param declaredType as announced; parameters after a semicolon are ignored
   */
  static ManifestOrIndex read(byte[] bytes, String declaredType) throws MalformedException {
    String declared = declaredType.split(";", 2)[0].strip();
    if (MediaTypes.isSchema1(declared)) {
      throw new MalformedException("manifests of Docker's schema 1 are not supported");
    }
    if (MediaTypes.isManifest(declared)) {
      return Manifest.read(bytes, Optional.of(declared));
    }
    if (MediaTypes.isIndex(declared)) {
      return Index.read(bytes, Optional.of(declared));
    }
    throw new MalformedException(
        "neither a manifest nor an index: media type " + Printable.quote(declared));
  }

  /** Reads a document about whose type nothing is known but what it says itself. */
  static ManifestOrIndex read(byte[] bytes) throws MalformedException {
    JsonObject json = Json.readObject(bytes);
    Optional<String> own = json.optionalString("mediaType");
    if (own.isPresent()) {
      return read(bytes, own.get());
    }
    return json.find("manifests").isPresent()
        ? Index.read(bytes, Optional.empty())
        : Manifest.read(bytes, Optional.empty());
  }

  /** What both kinds must be: version 2, one kind only, the type that was announced. */
  static JsonObject checkedObject(
      byte[] bytes, Optional<String> declared, List<String> fields, String foreignField)
      throws MalformedException {
    JsonObject json = Json.readObject(bytes);
    json.refuseLookalikes(fields);
    if (json.fields().containsKey(foreignField)) {
      throw new MalformedException(
          "field " + Printable.quote(foreignField) + " belongs to another kind of document");
    }
    long version = json.integer("schemaVersion");
    if (version != 2) {
      throw new MalformedException("schemaVersion " + version + " is not supported, only 2 is");
    }
    Optional<String> own = json.optionalString("mediaType");
    if (own.isPresent() && declared.isPresent() && !own.get().equals(declared.get())) {
      throw new MalformedException(
          "announced as "
              + Printable.quote(declared.get())
              + " but says itself that it is "
              + Printable.quote(own.get()));
    }
    return json;
  }
}
