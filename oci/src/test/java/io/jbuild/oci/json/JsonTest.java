package io.jbuild.oci.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jbuild.oci.text.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  static Stream<String> invalid() {
    return Stream.of(
        "",
        " ",
        "{",
        "[1",
        "{\"a\":1",
        "{\"a\"}",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "{\"a\":1,}",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[NaN]",
        "[Infinity]",
        "// c\n1",
        "/* c */1",
        "[\"\t\"]",
        "[\"\\x\"]",
        "[\"\\ud800\"]",
        "[\"\\udc00\\ud800\"]",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{} {}",
        "{}x",
        "{}\u0000",
        "nul",
        "\uFEFF{}",
        "[" + "9".repeat(1_000_000) + "]",
        "[".repeat(200_000),
        "[".repeat(65) + "]".repeat(65),
        "{\"a\":".repeat(200_000));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void read_invalid_isOneShortLine(String text) {
    MalformedException e =
        assertThrows(MalformedException.class, () -> Json.read(text.getBytes(UTF_8)));

    assertTrue(e.getMessage().length() <= 1000, e.getMessage());
    assertTrue(e.getMessage().chars().noneMatch(c -> c < ' '), e.getMessage());
  }

  @Test
  void read_otherEncodings_isMalformed() {
    byte[] latin1 = {'"', (byte) 0xe4, '"'};
    byte[] overlong = {'"', (byte) 0xc0, (byte) 0xaf, '"'};
    byte[] utf8Surrogate = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'};

    assertThrows(MalformedException.class, () -> Json.read(latin1));
    assertThrows(MalformedException.class, () -> Json.read(overlong));
    assertThrows(MalformedException.class, () -> Json.read(utf8Surrogate));
    assertThrows(
        MalformedException.class, () -> Json.read("{}".getBytes(StandardCharsets.UTF_16LE)));
    assertThrows(MalformedException.class, () -> Json.read("{}".getBytes(StandardCharsets.UTF_16)));
  }

  @Test
  void read_aSecretThatIsNoJson_isNotQuoted() {
    MalformedException e =
        assertThrows(
            MalformedException.class, () -> Json.read("{\"auth\": hunter2}".getBytes(UTF_8)));

    assertFalse(e.getMessage().contains("hunter2"), e.getMessage());
  }

  @Test
  void read_largerThanTheLimit_isMalformed() throws Exception {
    byte[] most = ("\"" + "a".repeat(Json.MAX_BYTES - 2) + "\"").getBytes(UTF_8);
    byte[] more = ("\"" + "a".repeat(Json.MAX_BYTES - 1) + "\"").getBytes(UTF_8);

    assertEquals(Json.MAX_BYTES - 2, Json.read(most).asString().length());
    assertThrows(MalformedException.class, () -> Json.read(more));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[true,false,null,0,-1,1.5e3]",
        "{\"b\":{},\"a\":[],\"\":\"\u00e4\uD83D\uDE00\"}",
        "\"\\u003c\\u003e\\u0026\\u2028\\u0000\\b\\f\\n\\r\\t\\\\\\\"/\"",
        "[9223372036854775807,-9223372036854775808,123456789012345678901234567890]"
      })
  void write_whatWasRead_isTheSameText(String text) throws Exception {
    JsonValue value = Json.read(text.getBytes(UTF_8));

    assertEquals(text, Json.writeString(value));
    assertEquals(value, Json.read(Json.writePretty(value).getBytes(UTF_8)));
    assertEquals(new ObjectMapper().readTree(text), new ObjectMapper().readTree(Json.write(value)));
  }

  /** As printed by Go's json.Marshal and json.MarshalIndent of the same map. */
  @Test
  void write_isWhatGoWrites() {
    JsonObject object =
        JsonObject.builder()
            .put("a", "x && y <z>")
            .put("n", 1)
            .putStrings("l", List.of("p", "q"))
            .put("e", JsonObject.EMPTY)
            .build();

    assertEquals(
        "{\"a\":\"x \\u0026\\u0026 y \\u003cz\\u003e\",\"n\":1,\"l\":[\"p\",\"q\"],\"e\":{}}",
        Json.writeString(object));
    assertEquals(
        """
        {
          "a": "x \\u0026\\u0026 y \\u003cz\\u003e",
          "n": 1,
          "l": [
            "p",
            "q"
          ],
          "e": {}
        }""",
        Json.writePretty(object));
  }

  /**
   * Whatever a few changed bytes make of a document: what we read, Jackson's databind reads alike.
   */
  @Test
  void read_mutatedDocument_isMalformedOrMeansTheSame() throws Exception {
    byte[] document =
        "{\"a\":[1,-2.5e3,true,null],\"b\":{\"c\":\"\\u00e4\u00e4\\n\"}}".getBytes(UTF_8);
    ObjectMapper oracle =
        new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
    Random random = new Random(42);
    int read = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = document.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        mutated[random.nextInt(mutated.length)] = (byte) (' ' + random.nextInt(100));
      }
      try {
        JsonValue value = Json.read(mutated);
        assertEquals(oracle.readTree(mutated), oracle.readTree(Json.write(value)));
        read++;
      } catch (MalformedException e) {
        assertTrue(e.getMessage().length() <= 1000);
      }
    }
    assertTrue(read > 1000, "only " + read + " documents were read");
  }

  @Test
  void fields_ofAnotherType_nameTheField() throws Exception {
    JsonObject object =
        Json.readObject(
            "{\"s\":1,\"n\":\"1\",\"f\":1.0,\"big\":9223372036854775808,\"l\":[\"a\",2],\"z\":null}"
                .getBytes(UTF_8));

    assertEquals(
        "field \"s\": expected a string, found a number", complaint(() -> object.string("s")));
    assertEquals(
        "field \"n\": expected an integer, found a string", complaint(() -> object.integer("n")));
    assertEquals(
        "field \"f\": expected an integer of at most 64 bits, found 1.0",
        complaint(() -> object.integer("f")));
    assertEquals(
        "field \"big\": expected an integer of at most 64 bits, found 9223372036854775808",
        complaint(() -> object.integer("big")));
    assertEquals(
        "field \"l\": [1]: expected a string, found a number",
        complaint(() -> object.strings("l")));
    assertEquals("field \"z\" is missing", complaint(() -> object.string("z")));
    assertEquals(List.of(), object.strings("z"));
  }

  private static String complaint(org.junit.jupiter.api.function.Executable executable) {
    return assertThrows(MalformedException.class, executable).getMessage();
  }

  @Test
  void refuseLookalikes_ofAnotherCase_isMalformed() throws Exception {
    JsonObject object = Json.readObject("{\"Layers\":[]}".getBytes(UTF_8));

    assertEquals(
        "field \"Layers\" looks like \"layers\" in another case",
        complaint(() -> object.refuseLookalikes(List.of("layers"))));
  }
}
