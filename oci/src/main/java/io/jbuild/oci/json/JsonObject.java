package io.jbuild.oci.json;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A JSON object. Fields keep the order in which they were read or added.
 *
 * <p>The readers treat a field that is {@code null} as absent, as Go does. A field of another type
 * is malformed, and the complaint names the field.
 */
public record JsonObject(Map<String, JsonValue> fields) implements JsonValue {
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  public JsonObject {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** An object with one string field per entry, in the map's order. */
  public static JsonObject ofStrings(SortedMap<String, String> entries) {
    Builder builder = builder();
    entries.forEach(builder::put);
    return builder.build();
  }

  public Optional<JsonValue> find(String name) {
    JsonValue value = fields.get(name);
    return value == null || value instanceof Null ? Optional.empty() : Optional.of(value);
  }

  public String string(String name) throws MalformedException {
    return required(name, JsonValue::asString);
  }

  public Optional<String> optionalString(String name) throws MalformedException {
    return optional(name, JsonValue::asString);
  }

  /** The string, or "" when the field is absent: Go's {@code omitempty}. */
  public String stringOrEmpty(String name) throws MalformedException {
    return optionalString(name).orElse("");
  }

  public long integer(String name) throws MalformedException {
    return required(name, JsonValue::asLong);
  }

  public OptionalLong optionalInteger(String name) throws MalformedException {
    Optional<Long> value = optional(name, JsonValue::asLong);
    return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
  }

  /** The boolean, or false when the field is absent. */
  public boolean flag(String name) throws MalformedException {
    return optional(name, JsonValue::asBoolean).orElse(false);
  }

  public JsonObject object(String name) throws MalformedException {
    return required(name, JsonValue::asObject);
  }

  public Optional<JsonObject> optionalObject(String name) throws MalformedException {
    return optional(name, JsonValue::asObject);
  }

  /** The strings of an array; empty when the field is absent. */
  public List<String> strings(String name) throws MalformedException {
    return list(name, JsonValue::asString);
  }

  /** The elements of an array through {@code reader}; empty when the field is absent. */
  public <T> List<T> list(String name, JsonArray.Reader<T> reader) throws MalformedException {
    return optional(name, value -> value.asArray().map(reader)).orElse(List.of());
  }

  /** An object of strings, sorted; empty when the field is absent. */
  public SortedMap<String, String> stringMap(String name) throws MalformedException {
    SortedMap<String, String> result = new TreeMap<>();
    for (Map.Entry<String, JsonValue> field :
        optionalObject(name).orElse(EMPTY).fields().entrySet()) {
      try {
        result.put(field.getKey(), field.getValue().asString());
      } catch (MalformedException e) {
        throw e.in(place(name) + ": " + place(field.getKey()));
      }
    }
    return Collections.unmodifiableSortedMap(result);
  }

  public <T> T required(String name, JsonArray.Reader<T> reader) throws MalformedException {
    Optional<T> value = optional(name, reader);
    if (value.isEmpty()) {
      throw new MalformedException(place(name) + " is missing");
    }
    return value.get();
  }

  public <T> Optional<T> optional(String name, JsonArray.Reader<T> reader)
      throws MalformedException {
    Optional<JsonValue> value = find(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.read(value.get()));
    } catch (MalformedException e) {
      throw e.in(place(name));
    }
  }

  /**
   * Refuses fields that differ from a known name only in case. Go reads {@code Layers} as {@code
   * layers}, others do not: such a document means different things to different readers.
   */
  public void refuseLookalikes(Collection<String> known) throws MalformedException {
    for (String name : fields.keySet()) {
      for (String expected : known) {
        if (!name.equals(expected) && name.equalsIgnoreCase(expected)) {
          throw new MalformedException(
              place(name) + " looks like " + Printable.quote(expected) + " in another case");
        }
      }
    }
  }

  private static String place(String name) {
    return "field " + Printable.quote(name);
  }

  @Override
  public String kind() {
    return "an object";
  }

  @Override
  public JsonObject asObject() {
    return this;
  }

  /** Collects fields in order; the {@code …IfAny} forms leave out what is empty. */
  public static final class Builder {
    private final Map<String, JsonValue> fields = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(String name, JsonValue value) {
      if (fields.put(name, value) != null) {
        throw new IllegalArgumentException("field added twice: " + name);
      }
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, JsonValue.of(value));
    }

    public Builder put(String name, long value) {
      return put(name, JsonValue.of(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, JsonValue.of(value));
    }

    public Builder putStrings(String name, Collection<String> values) {
      return put(name, JsonArray.ofStrings(values));
    }

    public Builder putIfAny(String name, String value) {
      return value.isEmpty() ? this : put(name, value);
    }

    public Builder putIfAny(String name, long value) {
      return value == 0 ? this : put(name, value);
    }

    public Builder putIfAny(String name, boolean value) {
      return value ? put(name, true) : this;
    }

    public Builder putIfAny(String name, Optional<? extends JsonValue> value) {
      return value.isPresent() ? put(name, value.get()) : this;
    }

    public Builder putIfAny(String name, Collection<String> values) {
      return values.isEmpty() ? this : putStrings(name, values);
    }

    public Builder putIfAny(String name, SortedMap<String, String> values) {
      return values.isEmpty() ? this : put(name, ofStrings(values));
    }

    public JsonObject build() {
      return new JsonObject(fields);
    }
  }
}
