package io.jbuild.builder.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.source.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LinterTest {
  private static CheckReport check(String file) throws Exception {
    return Linter.check(Source.of("Buildfile", file), CheckContext.defaults());
  }

  private static List<String> findings(String file, CheckContext context) throws Exception {
    CheckReport report = Linter.check(Source.of("Buildfile", file), context);
    assertEquals(Optional.empty(), report.invalid().map(e -> e.render()));
    return report.findings().stream().map(f -> f.line() + " " + f.rule()).toList();
  }

  @TestFactory
  Stream<DynamicTest> everyRule_findsWhatItShould() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      for (CheckCase c : CheckCase.read(rule)) {
        tests.add(
            DynamicTest.dynamicTest(
                rule + ": " + c.name(),
                () -> assertEquals(c.expected(), findings(c.file(), c.context()))));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> everyRule_canBeSkipped() {
    return Arrays.stream(Rule.values())
        .map(rule -> DynamicTest.dynamicTest(rule.toString(), () -> skipped(rule)));
  }

  /** By the file, by the caller, and above each line that is found. */
  private static void skipped(Rule rule) throws Exception {
    for (CheckCase c : CheckCase.read(rule)) {
      String directive = "check=skip=" + rule + " // on purpose";
      List<String> others = c.expected().stream().filter(e -> !e.endsWith(" " + rule)).toList();
      if (!c.file().startsWith("# check=")) {
        List<String> below = others.stream().map(LinterTest::oneLineLower).toList();
        assertEquals(below, findings("# " + directive + "\n" + c.file(), c.context()));
        Map<String, String> args = new TreeMap<>(c.context().buildArgs());
        args.put(Linter.OVERRIDE, "skip=" + rule);
        assertEquals(others, findings(c.file(), c.context().withBuildArgs(args)));
      }
      assertFalse(
          findings(commented(c, rule, directive), c.context()).stream()
              .anyMatch(e -> e.endsWith(" " + rule)));
    }
  }

  private static String oneLineLower(String expected) {
    int blank = expected.indexOf(' ');
    return (line(expected) + 1) + expected.substring(blank);
  }

  private static int line(String expected) {
    return Integer.parseInt(expected.substring(0, expected.indexOf(' ')));
  }

  /** With the comment above the instructions of all findings. */
  private static String commented(CheckCase c, Rule rule, String directive) {
    List<String> lines = c.file().lines().toList();
    StringBuilder out = new StringBuilder();
    int first = 0;
    while (first < lines.size()) {
      int next = first;
      while (lines.get(next).isEmpty() || lines.get(next).endsWith("\\")) {
        next++;
      }
      next++;
      if (isFound(c, rule, first + 1, next)) {
        out.append(first == 0 ? "\n# " : "# ").append(directive).append('\n');
      }
      lines.subList(first, next).forEach(line -> out.append(line).append('\n'));
      first = next;
    }
    return out.toString();
  }

  private static boolean isFound(CheckCase c, Rule rule, int from, int to) {
    return c.expected().stream()
        .filter(expected -> expected.endsWith(" " + rule))
        .anyMatch(expected -> line(expected) >= from && line(expected) <= to);
  }

  @Test
  void everyRule_hasCasesForBothAnswers() throws Exception {
    for (Rule rule : Rule.values()) {
      List<CheckCase> cases = CheckCase.read(rule);
      assertTrue(cases.stream().anyMatch(c -> has(c, rule)), () -> rule + " never fires");
      assertTrue(cases.stream().anyMatch(c -> !has(c, rule)), () -> rule + " is never silent");
    }
  }

  private static boolean has(CheckCase c, Rule rule) {
    return c.expected().stream().anyMatch(e -> e.endsWith(" " + rule));
  }

  @Test
  void everyRule_hasItsPage() throws Exception {
    for (Rule rule : Rule.values()) {
      String page = Files.readString(Path.of("..").resolve(rule.page()));
      assertTrue(page.startsWith("# " + rule + "\n"), rule.page());
    }
  }

  @Test
  void everyMessage_isOneLine() throws Exception {
    for (Rule rule : Rule.values()) {
      for (CheckCase c : CheckCase.read(rule)) {
        Source source = Source.of("Buildfile", c.file());
        for (Finding finding : Linter.check(source, c.context()).findings()) {
          assertFalse(finding.message().contains("\n"), finding.message());
          assertEquals(finding.message(), finding.warning().message());
        }
      }
    }
  }

  @Test
  void hints_onlyWhereAskedFor() throws Exception {
    for (CheckCase c : CheckCase.read(Rule.COST_REMOVED_LATER)) {
      assertEquals(List.of(), findings(c.file(), c.context().withCost(false)));
    }
  }

  @Test
  void errorTrue_failsOnFindings() throws Exception {
    assertTrue(check("# check=error=true\nFROM scratch as a\n").failed());
    assertFalse(check("# check=error=true\nFROM scratch AS a\n").failed());
    assertFalse(check("# check=skip=all;error=true\nFROM scratch as a\n").failed());
    assertFalse(check("FROM scratch as a\n").failed());
  }

  @Test
  void errorTrue_doesNotFailOnHints() throws Exception {
    CheckContext context = CheckContext.defaults().withCost(true);
    String file = "# check=error=true\nFROM a\nCOPY . .\nRUN npm ci\n";
    CheckReport report = Linter.check(Source.of("Buildfile", file), context);
    assertEquals(1, report.findings().size());
    assertFalse(report.failed());
  }

  @Test
  void buildArgument_replacesTheDirective() throws Exception {
    CheckContext context =
        CheckContext.defaults().withBuildArgs(Map.of(Linter.OVERRIDE, "error=true"));
    String file = "# check=skip=all\nFROM scratch as a\n";
    CheckReport report = Linter.check(Source.of("Buildfile", file), context);
    assertTrue(report.failed());
    assertEquals(1, report.findings().size());
  }

  @Test
  void wrongOptionsInBuildArgument_areAnError() throws Exception {
    CheckContext context =
        CheckContext.defaults().withBuildArgs(Map.of(Linter.OVERRIDE, "skpi=all"));
    CheckReport report = Linter.check(Source.of("Buildfile", "FROM scratch\n"), context);
    assertTrue(report.invalid().orElseThrow().render().startsWith(Linter.OVERRIDE));
  }

  @Test
  void invalidFile_isReported() throws Exception {
    for (String file :
        List.of(
            "",
            "FROM\n",
            "FROM a\nCOPY --from=9 a b\n",
            "FROM a AS x\nCOPY --from=x a b\n",
            "FROM a\nENV A=${B:?missing}\n",
            "FROM a\nEXPOSE http\n",
            "FROM --platform=no/such/thing/here a\n",
            "FROM A\n")) {
      assertTrue(check(file).invalid().isPresent(), file);
      assertTrue(check(file).failed(), file);
    }
  }

  @Test
  void findingsBeforeAnError_areKept() throws Exception {
    CheckReport report = check("FROM scratch as a\nENV A=${B:?missing}\n");
    assertEquals(2, report.findings().size());
    assertTrue(report.invalid().isPresent());
  }

  @Test
  void unknownTarget_isAUserError() {
    CheckContext context = CheckContext.defaults().withTarget(Optional.of("bulid"));
    Source source = Source.of("Buildfile", "FROM scratch AS build\n");
    UserException error = assertThrows(UserException.class, () -> Linter.check(source, context));
    assertTrue(error.hint().orElse("").contains("build"));
  }

  @Test
  void triggersOfAStage_areCheckedWhereTheyRun() throws Exception {
    String file = "FROM scratch AS a\nONBUILD ENV name value\nFROM a\n";
    assertEquals(List.of("3 LegacyKeyValueFormat"), findings(file, CheckContext.defaults()));
  }
}
