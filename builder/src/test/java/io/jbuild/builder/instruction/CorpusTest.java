package io.jbuild.builder.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.lint.CheckContext;
import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Linter;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file below {@code testdata/buildfiles} is valid: it parses, what it prints as parses to the
 * same, and with the arguments that it sets itself nothing keeps it from being built. {@code
 * -Djbuild.testdata} names another folder than the one beside this module.
 */
class CorpusTest {
  /** As many as there were when this was last changed: a lost file must not go unseen. */
  private static final int AT_LEAST = 313;

  private static final Path BUILDFILES =
      Path.of(System.getProperty("jbuild.testdata", "../testdata"), "buildfiles");

  private static List<Path> files() throws IOException {
    try (Stream<Path> entries = Files.walk(BUILDFILES)) {
      return entries.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void corpus_isWhole() throws IOException {
    int count = files().size();
    assertTrue(count >= AT_LEAST, () -> count + " files in " + BUILDFILES + ", not " + AT_LEAST);
  }

  @TestFactory
  Stream<DynamicTest> parse_acceptsAndPrintsTheSame() throws IOException {
    return files().stream()
        .map(f -> DynamicTest.dynamicTest(BUILDFILES.relativize(f).toString(), () -> check(f)));
  }

  private static void check(Path path) throws Exception {
    Buildfile file = Buildfile.parse(Source.of(path.toString(), Files.readAllBytes(path)));
    assertTrue(!file.stages().isEmpty());
    String printed = file.syntax().print();
    SyntaxTree again = Parser.parse(Source.of("printed", printed));
    assertEquals(TreeText.syntax(file.syntax()), TreeText.syntax(again), printed);
    assertEquals(printed, again.print());
    assertEquals(
        TreeText.meaning(file),
        TreeText.meaning(Buildfile.parse(Source.of("printed", printed))),
        printed);
  }

  @TestFactory
  Stream<DynamicTest> lint_findsNothingThatKeepsItFromBuilding() throws IOException {
    return files().stream()
        .map(f -> DynamicTest.dynamicTest(BUILDFILES.relativize(f).toString(), () -> lint(f)));
  }

  private static void lint(Path path) throws Exception {
    Source source = Source.of(path.toString(), Files.readAllBytes(path));
    CheckReport report = Linter.check(source, CheckContext.defaults().withCost(true));
    assertEquals(Optional.empty(), report.invalid().map(BuildfileException::render));
  }
}
