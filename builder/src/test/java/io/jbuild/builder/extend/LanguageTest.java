package io.jbuild.builder.extend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.TreeText;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file below {@code language} is a case: {@code @ arg A=b} and {@code @ platform os/arch},
 * {@code === NAME} before each file of the context (the first is the Buildfile), and after {@code
 * --- tree} or {@code --- error} what it becomes: instructions with their variables as written, or
 * the error as people see it. {@code -Djbuild.goldens=update} writes what is there now.
 */
class LanguageTest {
  private static final Path CASES = Path.of("src/test/resources/language");

  private record Case(BuildFacts facts, Map<String, String> files, String input, String expected) {
    Source source() {
      Map.Entry<String, String> first = files.entrySet().iterator().next();
      return Source.of(first.getKey(), first.getValue());
    }
  }

  private static List<Path> cases() throws IOException {
    try (Stream<Path> entries = Files.list(CASES)) {
      return entries.sorted().toList();
    }
  }

  private static Case read(Path path) throws Exception {
    String text = Files.readString(path);
    int end = text.indexOf("\n--- ");
    String input = end < 0 ? text : text.substring(0, end + 1);
    Map<String, String> files = new LinkedHashMap<>();
    Map<String, String> args = new TreeMap<>();
    Platform platform = Platform.parse("linux/amd64");
    String name = "";
    for (String line : input.split("(?<=\n)", -1)) {
      if (line.startsWith("=== ")) {
        name = line.substring(4).strip();
        files.put(name, "");
      } else if (name.isEmpty() && line.startsWith("@ arg ")) {
        String[] pair = line.substring(6).stripTrailing().split("=", 2);
        args.put(pair[0], pair[1]);
      } else if (name.isEmpty() && line.startsWith("@ platform ")) {
        platform = Platform.parse(line.substring(11).strip());
      } else {
        files.merge(name, line, String::concat);
      }
    }
    BuildFacts facts =
        BuildFacts.none().withBuildArgs(args).withPlatform(platform).withFiles(in(files));
    return new Case(facts, files, input, end < 0 ? "" : text.substring(end + 1));
  }

  private static IncludeFiles in(Map<String, String> files) {
    return path -> {
      if (path.endsWith(".link")) {
        throw new UserException("\"" + path + "\" is a symbolic link that leads nowhere");
      }
      return Optional.ofNullable(files.get(path)).map(t -> t.getBytes(StandardCharsets.UTF_8));
    };
  }

  @TestFactory
  Stream<DynamicTest> load_givesTheExpectedInstructions() throws IOException {
    return cases().stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private static void check(Path path) throws Exception {
    Case one = read(path);
    String actual;
    try {
      String tree = TreeText.of(BuildfileLoader.load(one.source(), one.facts()));
      actual = "--- tree\n" + tree.substring(tree.indexOf("--\n") + 3);
    } catch (BuildfileException e) {
      actual = "--- error\n" + e.render();
    }
    if ("update".equals(System.getProperty("jbuild.goldens"))) {
      Files.writeString(path, one.input() + actual);
      return;
    }
    assertEquals(one.expected(), actual);
  }

  @TestFactory
  Stream<DynamicTest> print_parsesToTheSameTree() throws IOException {
    return cases().stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> reprint(f)));
  }

  private static void reprint(Path path) throws Exception {
    SyntaxTree first;
    try {
      first = Parser.parse(read(path).source());
    } catch (BuildfileException e) {
      return; // the other test knows what it says
    }
    String printed = first.print();
    SyntaxTree second = Parser.parse(Source.of("printed", printed));
    assertEquals(TreeText.syntax(first), TreeText.syntax(second));
    assertEquals(printed, second.print());
    assertTrue(first.extended() || path.toString().contains("plain"), path.toString());
  }
}
