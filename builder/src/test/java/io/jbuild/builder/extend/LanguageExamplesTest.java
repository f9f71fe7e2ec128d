package io.jbuild.builder.extend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.TreeText;
import io.jbuild.builder.lint.CheckContext;
import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Linter;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
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
 * Every folder below {@code testdata/language} is a context that is valid for both platforms,
 * prints as it parses, and has a plain form.
 */
class LanguageExamplesTest {
  /** As many as there were when this was last changed: a lost folder must not go unseen. */
  private static final int AT_LEAST = 14;

  private static final Path FOLDERS =
      Path.of(System.getProperty("jbuild.testdata", "../testdata"), "language");

  private static List<Path> folders() throws IOException {
    try (Stream<Path> entries = Files.list(FOLDERS)) {
      return entries.sorted().toList();
    }
  }

  @Test
  void examples_areAllThere() throws IOException {
    assertTrue(folders().size() >= AT_LEAST, folders().toString());
  }

  @TestFactory
  Stream<DynamicTest> example_isValidAndHasAPlainForm() throws IOException {
    return folders().stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private static void check(Path folder) throws Exception {
    Source source = Source.of("Buildfile", Files.readAllBytes(folder.resolve("Buildfile")));
    SyntaxTree tree = Parser.parse(source);
    SyntaxTree again = Parser.parse(Source.of("printed", tree.print()));
    assertEquals(TreeText.syntax(tree), TreeText.syntax(again));
    IncludeFiles files = IncludeFiles.of(new BuildContext.Directory(folder));
    for (String platform : List.of("linux/amd64", "linux/arm64")) {
      BuildFacts facts = BuildFacts.none().withFiles(files).withPlatform(Platform.parse(platform));
      CheckContext context =
          CheckContext.defaults().withFiles(files).withPlatform(facts.platform()).withCost(true);
      CheckReport report = Linter.check(source, context);
      assertEquals(Optional.empty(), report.invalid().map(BuildfileException::render));
      plain(transpile(source, facts));
    }
  }

  private static String transpile(Source source, BuildFacts facts) throws Exception {
    return Transpiler.transpile(
        source, facts, (name, platform) -> Optional.of(ImageConfig.scratch(platform)));
  }

  /** Nothing of the language is left: a second time changes nothing. */
  private static void plain(String text) throws Exception {
    Source plain = Source.of("plain", text);
    SyntaxTree tree = Parser.parse(plain);
    assertFalse(tree.extended(), text);
    assertFalse(BuildfileLoader.load(plain, BuildFacts.none()).stages().isEmpty(), text);
    SyntaxTree twice = Parser.parse(Source.of("twice", transpile(plain, BuildFacts.none())));
    assertEquals(TreeText.meaning(Buildfile.of(tree)), TreeText.meaning(Buildfile.of(twice)));
  }
}
