package io.jbuild.oci;

import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one step of an image came about.
 *
 * @param emptyLayer the step made no layer
 */
public record History(
    Optional<Instant> created,
    String createdBy,
    String author,
    String comment,
    boolean emptyLayer) {

  private static final List<String> FIELDS =
      List.of("created", "created_by", "author", "comment", "empty_layer");

  static History fromJson(JsonValue value) throws MalformedException {
    JsonObject json = value.asObject();
    json.refuseLookalikes(FIELDS);
    return new History(
        json.optional("created", time -> Rfc3339.parse(time.asString())),
        json.stringOrEmpty("created_by"),
        json.stringOrEmpty("author"),
        json.stringOrEmpty("comment"),
        json.flag("empty_layer"));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .putIfAny("created", created.map(Rfc3339::format).orElse(""))
        .putIfAny("created_by", createdBy)
        .putIfAny("author", author)
        .putIfAny("comment", comment)
        .putIfAny("empty_layer", emptyLayer)
        .build();
  }
}
