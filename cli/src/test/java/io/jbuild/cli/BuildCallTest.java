package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildCallTest {
  private static final String FILE =
      """
      # app the application
      FROM scratch AS app
      # MODE debug or release
      ARG MODE=release
      FROM app
      """;

  @TempDir Path context;

  private record Answer(int code, String out, String err) {
    JsonNode json() throws Exception {
      return new ObjectMapper().readTree(out);
    }
  }

  private Answer call(String buildfile, String... options) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), buildfile);
    Path store = context.resolve("no-store");
    List<String> line = new ArrayList<>(List.of("--store", store.toString(), "build"));
    line.addAll(Arrays.asList(options));
    line.add(context.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            line,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertFalse(Files.exists(store), "a call made a store");
    return new Answer(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void targets_asATable() throws Exception {
    Answer answer = call(FILE, "--call=targets");
    assertEquals(0, answer.code, answer.err);
    assertEquals(
        """
        TARGET     BASE     DESCRIPTION
        app        scratch  the application
        (default)  app
        """,
        answer.out);
  }

  @Test
  void targets_asJson() throws Exception {
    JsonNode targets = call(FILE, "--call", "targets,format=json").json().get("targets");
    assertEquals("app", targets.get(0).get("name").asText());
    assertEquals(false, targets.get(0).has("default"));
    assertEquals(true, targets.get(1).get("default").asBoolean());
    JsonNode range = targets.get(0).get("location").get("ranges").get(0);
    assertEquals(2, range.get("start").get("line").asInt());
  }

  @Test
  void outline_takesTargetAndArguments() throws Exception {
    Answer text = call(FILE, "--call=outline", "--target=app", "--build-arg=MODE=debug");
    assertTrue(text.out.contains("MODE       debug  debug or release"), text.out);
    JsonNode json = call(FILE, "--call=outline,format=json").json();
    assertEquals("release", json.get("args").get(0).get("value").asText());
    assertEquals(
        FILE, new String(json.get("sources").get(0).binaryValue(), StandardCharsets.UTF_8));
  }

  @Test
  void check_failsOnAFinding() throws Exception {
    assertEquals(0, call(FILE, "--check").code);
    Answer found = call("FROM scratch as a\n", "--check");
    assertEquals(1, found.code);
    assertTrue(found.out.startsWith("Check complete, 1 warning has been found!"), found.out);
    assertEquals(0, call("FROM scratch as a\n", "--call=check,ignorestatus=true").code);
  }

  @Test
  void check_hasNoHints() throws Exception {
    assertEquals(0, call("FROM scratch\nCOPY . .\nRUN npm ci\n", "--check").code);
  }

  @Test
  void check_tellsWhatIsInvalid() throws Exception {
    Answer answer = call("FROM scratch\nRUM x\n", "--call=lint,format=json");
    assertEquals(1, answer.code);
    JsonNode error = answer.json().get("buildError");
    assertEquals(2, error.get("location").get("ranges").get(0).get("start").get("line").asInt());
  }

  @Test
  void unknownCall_isAUsageError() throws Exception {
    for (String wrong : List.of("--call=outlines", "--call=outline,format=xml", "--call=a,check")) {
      Answer answer = call(FILE, wrong);
      assertEquals(2, answer.code, wrong);
      assertTrue(answer.err.contains("--call"), answer.err);
    }
    assertEquals(2, call(FILE, "--check", "--call=outline").code);
  }
}
