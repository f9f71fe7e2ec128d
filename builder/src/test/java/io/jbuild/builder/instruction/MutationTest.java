package io.jbuild.builder.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged files give a tree or a BuildfileException, nothing else, and what parses prints. */
class MutationTest {
  private static final int ROUNDS = 20_000;
  private static final Map<String, String> ENV =
      Map.of("a", "b c", "version", "1.2.3", "empty", "");

  private static final List<String> FRAGMENTS =
      List.of(
          "\\\n",
          "\n",
          "\r\n",
          "# x\n",
          "<<EOF",
          "<<-'E F'",
          "EOF\n",
          "--",
          "--mount=",
          "--memory=",
          "--timeout=5m ",
          "--retry=2,$a ",
          "=",
          "\"",
          "'",
          "\\",
          "`",
          "$",
          "${",
          "}",
          "${a:-",
          "${a//*/?}",
          "[",
          "]",
          "[\"",
          "\"]",
          ",",
          " ",
          "\t",
          "\0",
          "\u00e4",
          "\ud83d\ude00",
          "FROM ",
          "RUN ",
          "COPY ",
          "ONBUILD ",
          "HEALTHCHECK CMD ",
          "# escape=`\n",
          "type=secret,",
          "\ufeff");

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void parse_survivesDamage() throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    for (Path folder : GoldenTest.folders()) {
      seeds.add(Files.readAllBytes(folder.resolve("Buildfile")));
    }
    Random random = new Random(20260101);
    int parsed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] text = seeds.get(random.nextInt(seeds.size()));
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        text = mutate(text, seeds, random);
      }
      parsed += tryOne(text) ? 1 : 0;
    }
    assertTrue(parsed > ROUNDS / 50, "only " + parsed + " damaged files still parsed");
  }

  private static byte[] mutate(byte[] text, List<byte[]> seeds, Random random) {
    int at = random.nextInt(text.length + 1);
    int end = Math.min(text.length, at + random.nextInt(12));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(text, 0, at);
    switch (random.nextInt(5)) {
      case 0 -> out.write(text, end, text.length - end);
      case 1 -> {
        out.writeBytes(
            FRAGMENTS
                .get(random.nextInt(FRAGMENTS.size()))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        out.write(text, at, text.length - at);
      }
      case 2 -> {
        out.write(random.nextInt(256));
        out.write(text, end, text.length - end);
      }
      case 3 -> {
        out.write(text, at, end - at);
        out.write(text, at, text.length - at);
      }
      default -> {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int start = random.nextInt(other.length + 1);
        out.write(other, start, Math.min(other.length - start, random.nextInt(40)));
        out.write(text, end, text.length - end);
      }
    }
    return out.toByteArray();
  }

  private static boolean tryOne(byte[] text) throws BuildfileException {
    Buildfile file;
    try {
      file = Buildfile.parse(Source.of("damaged", text));
    } catch (BuildfileException e) {
      assertTrue(e.range().startLine() >= 1 && !e.render().isEmpty());
      return false;
    }
    String printed = file.syntax().print();
    assertEquals(
        TreeText.syntax(file.syntax()),
        TreeText.syntax(Parser.parse(Source.of("printed", printed))),
        printed);
    for (Stage stage : file.stages()) {
      for (Instruction instruction : stage.instructions()) {
        expand(instruction, file.directives().escape());
      }
    }
    return true;
  }

  private static void expand(Instruction instruction, char escape) {
    try {
      Instruction expanded = instruction.expand(new Expansion(ENV, escape));
      assertEquals(instruction.keyword(), expanded.keyword());
      if (expanded instanceof Run run) {
        run.resolveMounts(new Expansion(ENV, escape));
        run.resolveLimits(new Expansion(ENV, escape));
      } else if (expanded instanceof Expose expose) {
        expose.parsed();
      }
    } catch (BuildfileException e) {
      assertTrue(!e.problem().isEmpty());
    }
  }
}
