package io.jbuild.oci.json;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * Reads YAML 1.2 that says what JSON could say: maps with strings as keys, no tags of programs.
 * What is no number, boolean or null in JSON is a string: {@code 0666}, {@code yes}. The result is
 * the tree that the same document in JSON would give.
 */
public final class Yaml {
  /** Aliases make a small text a large tree; files that people write have none or a few. */
  private static final int MAX_ALIASES = 50;

  private Yaml() {}

  /** Reads exactly one document of at most {@link Json#MAX_BYTES}; an empty one is null. */
  public static JsonValue read(byte[] bytes) throws MalformedException {
    if (bytes.length > Json.MAX_BYTES) {
      throw new MalformedException(
          "YAML of " + bytes.length + " bytes is larger than the limit of " + Json.MAX_BYTES);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      checkDepth(text);
      return value(new Load(settings()).loadFromString(text), 0);
    } catch (CharacterCodingException e) {
      throw new MalformedException("YAML is not valid UTF-8");
    } catch (MarkedYamlEngineException e) {
      throw new MalformedException("invalid YAML at " + place(e) + ": " + problem(e));
    } catch (YamlEngineException e) {
      throw new MalformedException("invalid YAML: " + Printable.limit("" + e.getMessage(), 200));
    }
  }

  private static LoadSettings settings() {
    return LoadSettings.builder()
        .setSchema(new JsonSchema())
        .setAllowDuplicateKeys(false)
        .setAllowRecursiveKeys(false)
        .setMaxAliasesForCollections(MAX_ALIASES)
        .setCodePointLimit(Json.MAX_BYTES)
        .build();
  }

  private static String place(MarkedYamlEngineException e) {
    return e.getProblemMark()
        .map(mark -> "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
        .orElse("an unknown place");
  }

  private static String problem(MarkedYamlEngineException e) {
    return Printable.limit(String.valueOf(e.getProblem()), 200);
  }

  /** Looked at before anything is made of it: the library makes values by recursion. */
  private static void checkDepth(String text) throws MalformedException {
    int depth = 0;
    for (Event event : new Parse(settings()).parseString(text)) {
      if (event instanceof CollectionStartEvent && ++depth > Json.MAX_DEPTH) {
        throw new MalformedException("YAML is nested deeper than " + Json.MAX_DEPTH);
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }

  /** The depth again, because an alias may stand for what it is in. */
  private static JsonValue value(@Nullable Object loaded, int depth) throws MalformedException {
    if (depth > Json.MAX_DEPTH) {
      throw new MalformedException("YAML is nested deeper than " + Json.MAX_DEPTH);
    }
    if (loaded == null) {
      return new JsonValue.Null();
    }
    if (loaded instanceof Map<?, ?> map) {
      return object(map, depth);
    }
    if (loaded instanceof List<?> list) {
      List<JsonValue> values = new ArrayList<>(list.size());
      for (Object each : list) {
        values.add(value(each, depth + 1));
      }
      return new JsonArray(values);
    }
    if (loaded instanceof Boolean bool) {
      return JsonValue.of(bool.booleanValue());
    }
    if (loaded instanceof Number number && isFinite(number)) {
      return new JsonValue.Numeral(number.toString());
    }
    if (loaded instanceof String text) {
      return JsonValue.of(text);
    }
    throw new MalformedException("YAML holds a value that JSON does not know");
  }

  private static boolean isFinite(Number number) {
    return !(number instanceof Double value) || Double.isFinite(value);
  }

  private static JsonObject object(Map<?, ?> map, int depth) throws MalformedException {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new MalformedException(
            "YAML has the key "
                + Printable.limit(String.valueOf(entry.getKey()), 40)
                + ", which is not a string");
      }
      fields.put(name, value(entry.getValue(), depth + 1));
    }
    return new JsonObject(fields);
  }
}
