package io.jbuild.builder.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.source.BuildfileException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreRulesTest {

  private static IgnoreRules rules(String... lines) throws BuildfileException {
    String text = String.join("\n", lines);
    return IgnoreRules.parse(text.getBytes(StandardCharsets.UTF_8), ".dockerignore");
  }

  /** Rules are separated by blanks; {@code -} is excluded, {@code +} included. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "target | target | -",
        "target | target/a/b | -",
        "target | src/target | +",
        "/target/ | target/x | -",
        "./a/../target | target | -",
        "*.md | README.md | -",
        "*.md | docs/README.md | +",
        "**/*.md | README.md | -",
        "**/*.md | a/b/README.md | -",
        "**/.env | .env | -",
        "**/.env | a/.env | -",
        "**/.env | a/x.env | +",
        "** | anything/at/all | -",
        "docs/** | docs | +",
        "docs/** | docs/a | -",
        "docs/**/img | docs/img | -",
        "docs/**/img | docs/a/b/img/x | -",
        "docs/**/img | docs/aimg | +",
        "a**/b | ax/b | -",
        "a**/b | ax/y/b | -",
        "**log | catalog | -",
        "**log | a/catalog | -",
        "**l*g | a/log | -",
        "**l*g | xlog | +",
        "* !keep | keep | +",
        "* !keep | drop | -",
        "* !keep/this | keep/this | +",
        "* !keep/this | keep/that | -",
        "!keep * | keep | -",
        "a !a/b a/b/c | a/b/c | -",
        "a !a/b a/b/c | a/b/d | +",
        "a !a/b a/b/c | a/x | -",
        "a !a/*/ok | a/b/ok/deep | +",
        "[ab].txt | a.txt | -",
        "\\!bang | !bang | -",
        "x/[^y]* | x/z/deep | -",
      })
  void excluded_followsTheLastMatch(String patterns, String path, String expected)
      throws Exception {
    IgnoreRules rules = rules(patterns.split(" ", -1));
    assertEquals(expected, rules.excluded(path) ? "-" : "+");
  }

  @Test
  void parse_takesBomCarriageReturnsBlanksAndComments() throws Exception {
    IgnoreRules rules = rules("\uFEFF# comment", "a\r", "   ", "  b  ", " #c", "! d");
    assertEquals(
        List.of("a", "b", "#c", "! d"), rules.rules().stream().map(r -> r.text()).toList());
    assertEquals(List.of(2, 4, 5, 6), rules.rules().stream().map(IgnoreRules.Rule::line).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[", "!", "! ", "a/[b", "[a-]", "tail\\"})
  void parse_namesTheLineOfABadPattern(String pattern) {
    BuildfileException e = assertThrows(BuildfileException.class, () -> rules("fine", pattern));
    assertTrue(String.valueOf(e.getMessage()).startsWith(".dockerignore:2: invalid pattern"));
  }

  @Test
  void excluded_neverAppliesToTheRoot() throws Exception {
    assertFalse(rules("**", ".", "/").excluded("."));
    assertFalse(rules("**").excluded(""));
  }

  @Test
  void deciding_namesTheRule() throws Exception {
    IgnoreRules rules = rules("*", "!src", "src/gen");
    assertEquals(2, rules.deciding("src/Main.java").orElseThrow().line());
    assertEquals(3, rules.deciding("src/gen/X.java").orElseThrow().line());
    assertTrue(IgnoreRules.NONE.deciding("a").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node_modules | node_modules | false",
        "node_modules | node_modules/a/b | false",
        "node_modules | src | true",
        "* !src/main | node_modules | false",
        "* !src/main | src | true",
        "* !src/main | src/test | false",
        "* !src/main | src/main/x | true",
        "* !src/*.java | src | true",
        "* !src/*.java | src/deep | false",
        "** !**/*.md | any/dir | true",
        "!a b | b | false",
        "a !a/b a/b | a | true",
        "a !a/b a/b | a/b | false",
        "a !ab | a | false",
      })
  void mayContainIncluded_prunesWhatNoRuleReaches(String patterns, String dir, boolean expected)
      throws Exception {
    assertEquals(expected, rules(patterns.split(" ", -1)).mayContainIncluded(dir));
  }

  /** Whatever is included is reached by a walk that prunes. */
  @Test
  void mayContainIncluded_neverHidesAnIncludedPath() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      List<String> patterns = new ArrayList<>();
      for (int n = random.nextInt(5); n >= 0; n--) {
        String bang = random.nextInt(3) == 0 ? "!" : "";
        patterns.add(bang + "a" + PathPatternTest.random(random, "ab*/", 5));
      }
      IgnoreRules rules = IgnoreRules.of(patterns);
      String path = "a/" + PathPatternTest.random(random, "ab", 2) + "b/" + "b";
      if (!rules.excluded(path)) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
          String dir = path.substring(0, slash);
          assertTrue(rules.mayContainIncluded(dir), patterns + " " + dir + " of " + path);
        }
      }
    }
  }

  /**
   * Names as they lie in a listing are judged as texts are, in one word of states and in several.
   */
  @Test
  void judge_ofBytesAgreesWithText() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      List<String> patterns = new ArrayList<>();
      String prefix = random.nextInt(8) == 0 ? "x".repeat(70) : "";
      for (int n = random.nextInt(4); n >= 0; n--) {
        String bang = random.nextInt(2) == 0 ? "!" : "";
        patterns.add(bang + prefix + PathPatternTest.random(random, "ab**/?", 6) + "b");
      }
      Scope scope = IgnoreRules.of(patterns).root();
      for (int depth = 0; depth < 3; depth++) {
        String name = prefix + PathPatternTest.random(random, "ab", 3) + "b";
        byte[] bytes = ("/" + name + "/").getBytes(StandardCharsets.UTF_8);
        Verdict expected = scope.judge(name);
        String what = patterns + " | " + name + " at depth " + depth;
        assertEquals(expected, scope.judge(bytes, 1, bytes.length - 1, true), what);
        Verdict file = scope.judge(bytes, 1, bytes.length - 1, false);
        assertEquals(expected == Verdict.KEPT, file == Verdict.KEPT, what);
        scope = scope.enter(name);
      }
    }
  }

  @Test
  void judge_leavesOtherNamesToText() throws Exception {
    Scope scope = rules("*.\u00fc", "!a").root();
    byte[] name = "x.\u00fc".getBytes(StandardCharsets.UTF_8);
    assertEquals(null, scope.judge(name, 0, name.length, false));
    assertEquals(Verdict.HIDDEN, scope.judge("x.\u00fc"));
  }

  /** A translation to a regular expression agrees, in one word of states and in several. */
  @Test
  void glob_agreesWithRegularExpressions() throws Exception {
    Random random = new Random(3);
    String prefix = "x".repeat(70);
    for (int i = 0; i < 30_000; i++) {
      String pattern = PathPatternTest.random(random, "ab**/?", 8);
      String path = PathPatternTest.random(random, "ab/", 8);
      boolean expected = path.matches(regularExpression(pattern));
      Glob small = new GlobParser(pattern).parse(true);
      assertEquals(expected, small.matches(path), pattern + " | " + path);
      if (!pattern.startsWith("**")) {
        Glob large = new GlobParser(prefix + pattern).parse(true);
        assertEquals(expected, large.matches(prefix + path), pattern + " | " + path);
      }
    }
  }

  private static String regularExpression(String pattern) {
    if (pattern.matches("\\*\\*[ab][ab/]*")) {
      return ".*" + pattern.substring(2);
    }
    return java.util.regex.Pattern.compile("\\*\\*/?")
        .matcher(pattern)
        .replaceAll(m -> m.end() == pattern.length() ? "A" : "E")
        .replace("*", "[^/]*")
        .replace("?", "[^/]")
        .replace("A", ".*")
        .replace("E", "(.*/)?");
  }

  /** Entering name by name gives the same as asking for the last rule that matches a prefix. */
  @Test
  void excluded_agreesWithTheDefinition() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      List<String> patterns = new ArrayList<>();
      for (int n = random.nextInt(4); n >= 0; n--) {
        patterns.add(
            (random.nextBoolean() ? "!" : "") + "b" + PathPatternTest.random(random, "ab*?", 4));
      }
      String path = "b" + PathPatternTest.random(random, "ab", 3) + "/" + "ba/a";
      assertEquals(
          byDefinition(patterns, path),
          IgnoreRules.of(patterns).excluded(path),
          patterns + " " + path);
    }
  }

  private static boolean byDefinition(List<String> patterns, String path) throws Exception {
    boolean excluded = false;
    for (String pattern : patterns) {
      boolean include = pattern.startsWith("!");
      Glob glob = new GlobParser(include ? pattern.substring(1) : pattern).parse(true);
      boolean matches = glob.matches(path);
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        matches |= glob.matches(path.substring(0, slash));
      }
      if (matches) {
        excluded = !include;
      }
    }
    return excluded;
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void excluded_isLinearForHostilePatterns() throws Exception {
    IgnoreRules rules = rules("**/".repeat(200) + "x", "**/*a".repeat(100) + "/y");
    assertFalse(rules.excluded("a/".repeat(2_000) + "z"));
  }
}
