package io.jbuild.oci.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads and writes JSON. */
public final class Json {
  /** The largest document that is read: the limit that registries must accept for a manifest. */
  public static final int MAX_BYTES = 4 << 20;

  /** Objects and arrays within one another. An image's documents need fewer than ten. */
  public static final int MAX_DEPTH = 64;

  private Json() {}

  /** Reads exactly one value of at most {@link #MAX_BYTES}. */
  public static JsonValue read(byte[] bytes) throws MalformedException {
    return read(bytes, MAX_BYTES);
  }

  /** Reads exactly one value; documents of our own may have a larger limit. */
  public static JsonValue read(byte[] bytes, int maxBytes) throws MalformedException {
    if (bytes.length > maxBytes) {
      throw new MalformedException(
          "JSON of " + bytes.length + " bytes is larger than the limit of " + maxBytes);
    }
    return parse(decode(bytes));
  }

  /** Reads exactly one value, which must be an object. */
  public static JsonObject readObject(byte[] bytes) throws MalformedException {
    return read(bytes).asObject();
  }

  /** Compact, in the order of the fields, with Go's escapes. */
  public static byte[] write(JsonValue value) {
    return writeString(value).getBytes(StandardCharsets.UTF_8);
  }

  public static String writeString(JsonValue value) {
    StringBuilder out = new StringBuilder(256);
    new JsonWriter(out, "").write(value);
    return out.toString();
  }

  /** Indented by two spaces, for people; ends without a newline. */
  public static String writePretty(JsonValue value) {
    StringBuilder out = new StringBuilder(256);
    new JsonWriter(out, "  ").write(value);
    return out.toString();
  }

  /** Decoding first: Jackson alone would guess UTF-16 and UTF-32 from the bytes. */
  private static String decode(byte[] bytes) throws MalformedException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("JSON is not valid UTF-8");
    }
    if (text.startsWith("\uFEFF")) {
      throw new MalformedException("JSON starts with a byte order mark");
    }
    return text;
  }

  private static JsonValue parse(String text) throws MalformedException {
    try (JsonParser parser = Lazy.FACTORY.createParser(text)) {
      return new JsonReader(parser).readDocument();
    } catch (MalformedException e) {
      throw e;
    } catch (JsonProcessingException e) {
      // Jackson's own sentence quotes the text, which may hold a secret; the place is enough.
      throw new MalformedException("invalid JSON at " + JsonReader.place(e.getLocation()));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  /** Loaded with the first document that is read. */
  private static final class Lazy {
    private static final int MAX_NUMBER = 64;

    static final JsonFactory FACTORY =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(MAX_BYTES)
                    .build())
            .build();
  }
}
