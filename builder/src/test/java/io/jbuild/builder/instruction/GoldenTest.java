package io.jbuild.builder.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every folder below {@code goldens} is a case: a Buildfile, and beside it what it becomes, {@code
 * tree.txt} or {@code error.txt}. {@code -Djbuild.goldens=update} writes what is there now: read
 * the difference before you commit it.
 */
class GoldenTest {
  static final Path GOLDENS = Path.of("src/test/resources/goldens");

  static List<Path> folders() {
    try (Stream<Path> entries = Files.list(GOLDENS)) {
      return entries.sorted().toList();
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
    try {
      compare(folder, "tree.txt", TreeText.of(Buildfile.parse(source(folder))));
    } catch (BuildfileException e) {
      compare(folder, "error.txt", e.render());
    }
  }

  private static void compare(Path folder, String name, String actual) throws IOException {
    Path expected = folder.resolve(name);
    if ("update".equals(System.getProperty("jbuild.goldens"))) {
      Files.deleteIfExists(folder.resolve("tree.txt"));
      Files.deleteIfExists(folder.resolve("error.txt"));
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
