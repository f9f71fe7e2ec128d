package io.jbuild.builder.cache;

import io.jbuild.oci.DiffId;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of a step that was taken.
 *
 * @param fields those of its key, to explain a later miss
 * @param layer what it changed; empty when it changed nothing
 * @param created when it ended: the time in the history of every image that has it
 * @param took how long it ran
 * @param output what it has written, if it was taken for that
 */
public record StepRecord(
    List<StepKey.Field> fields,
    Optional<DiffId> layer,
    Instant created,
    Duration took,
    String title,
    Optional<String> output) {

  public StepRecord {
    fields = List.copyOf(fields);
  }

  public StepRecord(
      List<StepKey.Field> fields,
      Optional<DiffId> layer,
      Instant created,
      Duration took,
      String title) {
    this(fields, layer, created, took, title, Optional.empty());
  }

  JsonObject toJson() {
    List<JsonValue> list = new ArrayList<>();
    for (StepKey.Field field : fields) {
      list.add(
          JsonObject.builder()
              .put("name", field.name())
              .putStrings("values", field.values())
              .build());
    }
    JsonObject.Builder json =
        JsonObject.builder()
            .put("title", title)
            .put("layer", layer.map(DiffId::toString).orElse(""))
            .put("created", created.toString())
            .put("tookMillis", took.toMillis())
            .put("fields", new JsonArray(list));
    output.ifPresent(text -> json.put("output", text));
    return json.build();
  }

  static StepRecord fromJson(JsonObject json) throws MalformedException {
    String layer = json.string("layer");
    return new StepRecord(
        json.list("fields", field -> field(field.asObject())),
        layer.isEmpty() ? Optional.empty() : Optional.of(DiffId.parse(layer)),
        instant(json.string("created")),
        Duration.ofMillis(json.integer("tookMillis")),
        json.string("title"),
        json.optionalString("output"));
  }

  private static StepKey.Field field(JsonObject json) throws MalformedException {
    return new StepKey.Field(json.string("name"), json.strings("values"));
  }

  private static Instant instant(String text) throws MalformedException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedException("not a time: \"" + text + "\" (" + e.getMessage() + ")");
    }
  }
}
