package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoredCommandTest {
  @TempDir Path context;

  private record Answer(int code, String out, String err) {}

  private static Answer run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> line = Stream.concat(Stream.of("ignored"), Arrays.stream(words)).toList();
    int code =
        Main.run(
            line,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Answer(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private void write(String path, String content) throws IOException {
    Files.createDirectories(context.resolve(path).getParent());
    Files.writeString(context.resolve(path), content);
  }

  @BeforeEach
  void makeContext() throws IOException {
    write("Dockerfile", "FROM scratch\n");
    write(".dockerignore", "# comment\nmodules\n!**/keep.txt\n*.md\n");
    write("modules/a/keep.txt", "");
    write("modules/b/x.js", "");
    write("README.md", "");
    write("src/A.java", "");
  }

  @Test
  void paths_areAnsweredWithTheirRules() {
    Answer answer =
        run(context.toString(), "modules/b/x.js", "modules/a/keep.txt", "modules", "src", "no.md");
    assertEquals(
        """
        ignored\tmodules/b/x.js\t.dockerignore:2: modules
        kept\tmodules/a/keep.txt\t.dockerignore:3: !**/keep.txt
        ignored\tmodules\t.dockerignore:2: modules (something below is kept)
        kept\tsrc\tno rule
        ignored\tno.md\t.dockerignore:4: *.md
        """,
        answer.out);
    assertEquals(0, answer.code);
  }

  @Test
  void exitCode_tellsWhetherAnyIsIgnored() {
    assertEquals(1, run(context.toString(), "src", "src/A.java").code);
    assertEquals(0, run(context.toString(), "src", "README.md").code);
    assertEquals(0, run(context.toString(), context.resolve("README.md").toString()).code);
    assertEquals(2, run(context.toString(), "../x").code);
    assertEquals(2, run(context.resolve("nowhere").toString(), "x").code);
    assertEquals(2, run(context.toString()).code);
    assertEquals(2, run(context.toString(), "--list", "src").code);
  }

  @Test
  void list_endsAtDirectoriesThatHoldNothingElse() {
    assertEquals(
        """
        ignored\tREADME.md\t.dockerignore:4: *.md
        ignored\tmodules/b/\t.dockerignore:2: modules
        """,
        run("--list", context.toString()).out);
    assertEquals(
        "kept\tmodules/a/keep.txt\t.dockerignore:3: !**/keep.txt",
        run("--list=kept", context.toString())
            .out
            .lines()
            .filter(line -> line.contains("modules"))
            .findFirst()
            .orElse(""));
  }

  @Test
  void ignoreFile_isSaidWithTheReason() throws IOException {
    write(".containerignore", "src\n");
    Answer answer = run(context.toString(), "src");
    assertTrue(answer.err.contains("rules of .dockerignore"), answer.err);
    assertTrue(answer.err.contains("no Dockerfile.dockerignore, .buildignore"), answer.err);
    assertTrue(answer.err.contains(".containerignore has no say"), answer.err);
    write("other/Buildfile", "FROM scratch\n");
    write("other/Buildfile.dockerignore", "src\n");
    Answer other =
        run("-f", context.resolve("other/Buildfile").toString(), context.toString(), "src");
    assertEquals("ignored\tsrc\tBuildfile.dockerignore:1: src\n", other.out);
  }

  @Test
  void noIgnoreFile_ignoresNothing() throws IOException {
    Files.delete(context.resolve(".dockerignore"));
    Answer answer = run(context.toString(), "src");
    assertEquals(1, answer.code);
    assertTrue(answer.err.startsWith("no ignore file"), answer.err);
  }

  @Test
  void json_hasTheSame() throws Exception {
    Answer answer = run("--format=json", context.toString(), "modules", "src");
    assertEquals("", answer.err);
    JsonNode json = new ObjectMapper().readTree(answer.out);
    assertEquals(".dockerignore", json.get("ignoreFile").asText());
    JsonNode first = json.get("paths").get(0);
    assertTrue(first.get("ignored").asBoolean());
    assertTrue(first.get("keepsSomethingBelow").asBoolean());
    assertEquals(2, first.get("rule").get("line").asInt());
    assertEquals("modules", first.get("rule").get("pattern").asText());
    assertFalse(json.get("paths").get(1).has("rule"));
  }

  @Test
  void brokenIgnoreFile_isShown() throws IOException {
    write(".dockerignore", "a\n[z\n");
    Answer answer = run(context.toString(), "a");
    assertEquals(2, answer.code);
    assertTrue(answer.err.contains(".dockerignore:2:"), answer.err);
  }
}
