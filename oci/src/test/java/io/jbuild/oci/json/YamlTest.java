package io.jbuild.oci.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.text.MalformedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  private static JsonValue read(String text) throws MalformedException {
    return Yaml.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void read_document_isWhatItsJsonWouldBe() throws Exception {
    String yaml =
        """
        # a comment
        kind: example.com/dev
        cdiVersion: "0.6.0"
        devices:
        - name: a
          containerEdits:
            env: ["A=b", 'C=d']
            deviceNodes:
              - {path: /dev/x, major: 10, fileMode: 0666, ratio: 1.5}
        empty:
        on: yes
        """;
    assertEquals(
        "{\"kind\":\"example.com/dev\",\"cdiVersion\":\"0.6.0\",\"devices\":[{\"name\":\"a\","
            + "\"containerEdits\":{\"env\":[\"A=b\",\"C=d\"],\"deviceNodes\":[{\"path\":\"/dev/x\","
            + "\"major\":10,\"fileMode\":\"0666\",\"ratio\":1.5}]}}],\"empty\":null,\"on\":\"yes\"}",
        Json.writeString(read(yaml)));
  }

  @Test
  void read_json_isYamlToo() throws Exception {
    String json = "{\"a\":[1,\"x\",null,{\"b\":false}]}";
    assertEquals(json, Json.writeString(read(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: 1\na: 2",
        "a: [1, 2",
        "? [a, b]\n: c",
        "1: number",
        "a: !!java.lang.Runtime x",
        "a: &x [*x]",
        "a: .nan",
        "--- 1\n--- 2",
        "a: \u0001",
      })
  void read_whatJsonCouldNotSay_isMalformed(String text) {
    MalformedException e = assertThrows(MalformedException.class, () -> read(text));
    assertTrue(e.getMessage().contains("YAML") && !e.getMessage().contains("\n"), e.getMessage());
  }

  @Test
  void read_aliasesThatExplode_areMalformed() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String below = "*a" + (i - 1);
      text.append("a" + i + ": &a" + i + " [" + below + (", " + below).repeat(9) + "]\n");
    }
    assertThrows(MalformedException.class, () -> read(text.toString()));
  }

  @Test
  void read_deepNesting_isMalformed() {
    assertThrows(MalformedException.class, () -> read("[".repeat(3000) + "]".repeat(3000)));
    assertThrows(MalformedException.class, () -> read("- ".repeat(3000)));
  }
}
