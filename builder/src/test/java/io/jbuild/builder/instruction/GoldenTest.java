package io.jbuild.builder.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every folder below {@code goldens} is a case: a Buildfile, and beside it what it becomes, {@code
 * tree.txt} or {@code error.txt}; with an {@code environment} its instructions are expanded, {@code
 * expanded.txt}. {@code -Djbuild.goldens=update} writes what is there now: read the difference
 * before you commit it.
 */
class GoldenTest {
  static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final Platform AMD64 = Platform.of("linux", "amd64");

  static List<Path> folders() {
    try (Stream<Path> entries = Files.list(GOLDENS)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Source source(Path folder) throws IOException {
    return Source.of("Buildfile", Files.readAllBytes(folder.resolve("Buildfile")));
  }

  @TestFactory
  Stream<DynamicTest> parse_givesTheExpectedTree() {
    return folders().stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private static void check(Path folder) throws Exception {
    String name = folder.getFileName().toString();
    try {
      Buildfile file = Buildfile.parse(source(folder));
      if (Files.exists(folder.resolve("environment"))) {
        compare(folder, "expanded.txt", TreeText.expanded(file, environment(folder)));
      } else if (name.startsWith("error-")) {
        StageGraph.of(file, Optional.empty(), new TreeMap<>(), new TreeMap<>(), AMD64).needed();
        throw new AssertionError(name + " is no error");
      } else {
        compare(folder, "tree.txt", TreeText.of(file));
      }
    } catch (BuildfileException e) {
      compare(folder, "error.txt", e.render());
    }
  }

  private static Map<String, String> environment(Path folder) throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("environment"))) {
      int equals = line.indexOf('=');
      values.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return values;
  }

  private static void compare(Path folder, String name, String actual) throws IOException {
    Path expected = folder.resolve(name);
    if ("update".equals(System.getProperty("jbuild.goldens"))) {
      for (String old : List.of("tree.txt", "expanded.txt", "error.txt")) {
        Files.deleteIfExists(folder.resolve(old));
      }
      Files.writeString(expected, actual);
    }
    assertTrue(Files.exists(expected), () -> "no " + expected + ", but it became:\n" + actual);
    assertEquals(Files.readString(expected), actual);
  }

  @TestFactory
  Stream<DynamicTest> print_parsesToTheSameTree() {
    return folders().stream()
        .filter(folder -> Files.exists(folder.resolve("tree.txt")))
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> reprint(f)));
  }

  private static void reprint(Path folder) throws Exception {
    SyntaxTree first = Parser.parse(source(folder));
    String printed = first.print();
    SyntaxTree second = Parser.parse(Source.of("printed", printed));
    assertEquals(TreeText.syntax(first), TreeText.syntax(second));
    assertEquals(printed, second.print());
  }
}
