package io.jbuild.oci.json;

import io.jbuild.oci.text.MalformedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A JSON array. */
public record JsonArray(List<JsonValue> values) implements JsonValue {
  public JsonArray {
    values = List.copyOf(values);
  }

  /** An array of strings. */
  public static JsonArray ofStrings(Collection<String> strings) {
    List<JsonValue> values = new ArrayList<>(strings.size());
    for (String string : strings) {
      values.add(JsonValue.of(string));
    }
    return new JsonArray(values);
  }

  /** All elements as strings; any other element is malformed. */
  public List<String> strings() throws MalformedException {
    return map(JsonValue::asString);
  }

  /** All elements through {@code reader}; a complaint names the element by its position. */
  public <T> List<T> map(Reader<T> reader) throws MalformedException {
    List<T> result = new ArrayList<>(values.size());
    for (JsonValue value : values) {
      try {
        result.add(reader.read(value));
      } catch (MalformedException e) {
        throw e.in("[" + result.size() + "]");
      }
    }
    return List.copyOf(result);
  }

  @Override
  public String kind() {
    return "an array";
  }

  @Override
  public JsonArray asArray() {
    return this;
  }

  /** Makes a value of ours from a JSON value. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(JsonValue value) throws MalformedException;
  }
}
