package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

class CheckCommandTest {
  @TempDir Path context;

  private record Answer(int code, String out, String err) {}

  private Answer check(String buildfile, String... options) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), buildfile);
    List<String> line = new ArrayList<>();
    line.add("--store");
    line.add(context.resolve("no-store").toString());
    line.add("check");
    line.addAll(Arrays.asList(options));
    line.add(context.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            line,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Answer(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static final String FILE = "FROM debian as a\nCOPY . .\nRUN npm ci\n";

  @Test
  void text_showsLinesAndHints() throws Exception {
    Answer answer = check(FILE);
    assertEquals(ExitCode.OK, answer.code, answer.err);
    assertTrue(answer.out.contains("warning: Dockerfile:1: FromAsCasing: "), answer.out);
    assertTrue(answer.out.contains("   1 | >>> FROM debian as a"), answer.out);
    assertTrue(answer.out.contains("hint: Dockerfile:2: CostCacheOrder: "), answer.out);
    assertTrue(answer.err.contains("2 findings"), answer.err);
    assertTrue(!Files.exists(context.resolve("no-store")), "a check made a store");
  }

  @Test
  void text_withoutHints() throws Exception {
    Answer answer = check(FILE, "--no-cost");
    assertTrue(!answer.out.contains("Cost"), answer.out);
  }

  @Test
  void json_hasNoHintsUnlessAskedFor() throws Exception {
    JsonNode plain = new ObjectMapper().readTree(check(FILE, "--format", "json").out);
    assertEquals(1, plain.size());
    assertEquals("FromAsCasing", plain.get(0).get("rule").asText());
    assertEquals(1, plain.get(0).get("line").asInt());
    JsonNode all = new ObjectMapper().readTree(check(FILE, "--format=json", "--cost").out);
    assertEquals(2, all.size());
    assertEquals("cost", all.get(1).get("kind").asText());
  }

  @Test
  void nothingFound_isAnEmptyArray() throws Exception {
    Answer answer = check("FROM scratch\n", "--format", "json");
    assertEquals(0, new ObjectMapper().readTree(answer.out).size());
    assertEquals("", answer.err);
  }

  @Test
  void ignoreFile_isSeen() throws Exception {
    Files.writeString(context.resolve(".dockerignore"), "secret\n");
    Answer answer = check("FROM scratch\nCOPY secret /\n");
    assertTrue(answer.out.contains("CopyIgnoredFile"), answer.out);
  }

  @Test
  void errorTrue_isExitCode1() throws Exception {
    assertEquals(ExitCode.FAILED, check("# check=error=true\n" + FILE).code);
    String given = "BUILDKIT_DOCKERFILE_CHECK=skip=all;error=true";
    assertEquals(ExitCode.OK, check(FILE, "--build-arg", given).code);
  }

  @Test
  void invalidFile_isExitCode1() throws Exception {
    Answer answer = check("FROM scratch as a\nRUM x\n", "--format", "json");
    assertEquals(ExitCode.FAILED, answer.code);
    assertEquals(0, new ObjectMapper().readTree(answer.out).size());
    assertTrue(answer.err.contains("Dockerfile:2: unknown instruction"), answer.err);
  }

  @Test
  void missingFile_isExitCode1() throws Exception {
    Answer answer = check("FROM scratch\n", "-f", context.resolve("none").toString());
    assertEquals(ExitCode.FAILED, answer.code);
    assertTrue(answer.err.contains("there is no Buildfile"), answer.err);
  }
}
