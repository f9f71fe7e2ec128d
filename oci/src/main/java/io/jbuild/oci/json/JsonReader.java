package io.jbuild.oci.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From Jackson's tokens to our tree. Depth is bounded by the parser's constraints. */
final class JsonReader {
  private final JsonParser parser;

  JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  static String place(@Nullable JsonLocation location) {
    return location == null
        ? "an unknown place"
        : "line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  JsonValue readDocument() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new MalformedException("JSON is empty");
    }
    JsonValue value = readValue(first);
    if (parser.nextToken() != null) {
      throw malformed("more after the end of the value");
    }
    return value;
  }

  private JsonValue readValue(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> readObject();
      case START_ARRAY -> readArray();
      case VALUE_STRING -> JsonValue.of(checked(parser.getText()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Numeral(parser.getText());
      case VALUE_TRUE -> JsonValue.of(true);
      case VALUE_FALSE -> JsonValue.of(false);
      case VALUE_NULL -> new JsonValue.Null();
      default -> throw malformed("unexpected " + token);
    };
  }

  private JsonObject readObject() throws IOException {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    while (next() != JsonToken.END_OBJECT) {
      String name = checked(parser.currentName());
      if (fields.containsKey(name)) {
        throw malformed("field " + Printable.quote(name) + " is given twice");
      }
      fields.put(name, readValue(next()));
    }
    return new JsonObject(fields);
  }

  private JsonArray readArray() throws IOException {
    List<JsonValue> values = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      values.add(readValue(token));
    }
    return new JsonArray(values);
  }

  private JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw malformed("unexpected end");
    }
    return token;
  }

  /** A lone surrogate cannot be written as UTF-8: readers replace it, each in its own way. */
  private String checked(String text) throws MalformedException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw malformed("lone surrogate in a string");
      }
    }
    return text;
  }

  private MalformedException malformed(String what) {
    return new MalformedException(
        "invalid JSON at " + place(parser.currentTokenLocation()) + ": " + what);
  }
}
