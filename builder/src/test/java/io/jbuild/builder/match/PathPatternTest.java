package io.jbuild.builder.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '~',
      value = {
        "main.go main.go true",
        "main.go main.gox false",
        "*.go main.go true",
        "*.go .go true",
        "*.go cmd/main.go false",
        "* a/b false",
        "cmd/*/main.go cmd/x/main.go true",
        "cmd/*/main.go cmd/x/y/main.go false",
        "m?in m/in false",
        "m?in mäin true",
        "m?in m😀in true",
        "[a-c]x bx true",
        "[a-c]x dx false",
        "[^a-c]x dx true",
        "[^a-c]x bx false",
        "[^a]b /b false",
        "[a-b/]x /x false",
        "[\\]]x ]x true",
        "[\\^]x ^x true",
        "\\*x *x true",
        "\\*x ax false",
        "a\\\\b a\\b true",
        "** ab true",
        "a**b axxb true",
        "a**b a/b false",
        "*a*a*a*b aaaaaaaaaaaaaaaaaaaac false",
        "*a*b* xxaxxbxx true",
        "] ] true",
      })
  void matches_asGoDoes(String pattern, String path, boolean expected) throws Exception {
    assertEquals(expected, PathPattern.compile(pattern).matches(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[a", "[]a]", "[^", "[-a]", "[a-]", "[a-b-c]", "a\\", "[a\\"})
  void compile_refusesPatternsWithoutMeaning(String pattern) {
    InvalidPatternException e =
        assertThrows(InvalidPatternException.class, () -> PathPattern.compile(pattern));
    assertTrue(String.valueOf(e.getMessage()).contains(pattern));
  }

  /** The plain recursive matcher agrees on random patterns over few letters. */
  @Test
  void matches_agreesWithBacktracking() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      String pattern = random(random, "ab*?/", 7);
      String path = random(random, "ab/", 8);
      boolean expected = backtrack(pattern, 0, path, 0);
      assertEquals(expected, PathPattern.compile(pattern).matches(path), pattern + " | " + path);
    }
  }

  private static boolean backtrack(String pattern, int p, String path, int s) {
    if (p == pattern.length()) {
      return s == path.length();
    }
    char c = pattern.charAt(p);
    if (c == '*') {
      boolean more = s < path.length() && path.charAt(s) != '/';
      return backtrack(pattern, p + 1, path, s) || (more && backtrack(pattern, p, path, s + 1));
    }
    boolean one = s < path.length() && (c == '?' ? path.charAt(s) != '/' : path.charAt(s) == c);
    return one && backtrack(pattern, p + 1, path, s + 1);
  }

  static String random(Random random, String letters, int max) {
    StringBuilder out = new StringBuilder();
    int length = random.nextInt(max + 1);
    for (int i = 0; i < length; i++) {
      out.append(letters.charAt(random.nextInt(letters.length())));
    }
    return out.toString();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void matches_isLinearForHostilePatterns() throws Exception {
    PathPattern pattern = PathPattern.compile("*a".repeat(200) + "b");
    assertEquals(false, pattern.matches("a".repeat(20_000)));
  }
}
