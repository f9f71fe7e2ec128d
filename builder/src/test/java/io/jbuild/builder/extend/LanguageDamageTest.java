package io.jbuild.builder.extend;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines in any order, and damaged: a Buildfile or a BuildfileException, and nothing else. */
class LanguageDamageTest {
  private static final int ROUNDS = 15_000;

  private static List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/language"))) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file).split("\n--- ", 2)[0];
        text.lines().filter(line -> !line.matches("(===|@) .*|# s.*")).forEach(lines::add);
      }
    }
    lines.add("INCLUDE part.inc V=$V W='x y'");
    lines.add("INCLUDE stages.inc V=1");
    return lines;
  }

  private static String file(List<String> lines, Random random) {
    StringBuilder text = new StringBuilder("# syntax=jbuild/1\nFROM scratch AS a\n");
    for (int count = random.nextInt(14); count > 0; count--) {
      String line = lines.get(random.nextInt(lines.size()));
      if (random.nextInt(6) == 0 && !line.isEmpty()) {
        int at = random.nextInt(line.length());
        int end = Math.min(line.length(), at + random.nextInt(4));
        String other = lines.get(random.nextInt(lines.size()));
        String piece = other.substring(0, Math.min(other.length(), random.nextInt(5)));
        line = line.substring(0, at) + piece + line.substring(end);
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void load_survivesDamage() throws Exception {
    List<String> lines = lines();
    Map<String, String> files =
        Map.of(
            "part.inc", "ARG V=0\nARG W\nRUN echo $V\nENV E=$W\n",
            "stages.inc", "ARG V\nFROM scratch AS s$V\nARG V\nRUN x\n",
            "self.inc", "INCLUDE self.inc\n");
    BuildFacts facts =
        BuildFacts.none()
            .withBuildArgs(Map.of("A", "1", "MODE", "debug"))
            .withFiles(
                path ->
                    Optional.ofNullable(files.get(path))
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)));
    Random random = new Random(20260102);
    int loaded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Source source = Source.of("damaged", file(lines, random));
      try {
        BuildfileLoader.load(source, facts);
        loaded++;
        String plain = Transpiler.transpile(source, facts, BaseConfigs.NONE);
        assertFalse(Parser.parse(Source.of("plain", plain)).extended());
      } catch (BuildfileException e) {
        assertTrue(!e.render().isEmpty());
        assertFalse(e.source().name().equals("plain"), e.render());
      }
    }
    assertTrue(loaded > ROUNDS / 50, "only " + loaded + " damaged files could be loaded");
  }
}
