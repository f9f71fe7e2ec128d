package io.jbuild.builder.expand;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellPatternTest {

  /** Regular expressions agree on random patterns over few letters. */
  @Test
  void trimAndReplace_agreeWithRegularExpressions() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 50_000; i++) {
      String pattern = random(random, "ab*?", 5);
      String value = random(random, "ab", 8);
      ShellPattern shell = ShellPattern.compile(pattern);
      String seen = pattern + " | " + value;
      assertEquals(prefix(pattern, value, ".*"), shell.trimPrefix(value, true), seen);
      assertEquals(prefix(pattern, value, ".*?"), shell.trimPrefix(value, false), seen);
      assertEquals(suffix(pattern, value, ".*"), shell.trimSuffix(value, true), seen);
      assertEquals(suffix(pattern, value, ".*?"), shell.trimSuffix(value, false), seen);
      Matcher matcher = regex(pattern, ".*").matcher(value);
      assertEquals(matcher.replaceFirst("X"), shell.replace(value, "X", false, 100), seen);
      if (pattern.matches(".*[ab?].*")) {
        // Without these a match may be empty, of which Java has other ideas than Go.
        assertEquals(matcher.replaceAll("X"), shell.replace(value, "X", true, 100), seen);
      }
    }
  }

  private static Pattern regex(String pattern, String star) {
    return Pattern.compile(pattern.replace("?", ".").replace("*", star));
  }

  private static String prefix(String pattern, String value, String star) {
    Matcher matcher = regex(pattern, star).matcher(value);
    return matcher.lookingAt() ? value.substring(matcher.end()) : value;
  }

  /** The longest or shortest end that matches, by trying all. */
  private static String suffix(String pattern, String value, String star) {
    String result = value;
    for (int start = value.length(); start >= 0; start--) {
      boolean shorter = result.length() == value.length() && result.equals(value);
      if (regex(pattern, ".*").matcher(value.substring(start)).matches()
          && (star.equals(".*") || shorter)) {
        result = value.substring(0, start);
        if (start == value.length() && star.equals(".*?")) {
          return result;
        }
      }
    }
    return result;
  }

  private static String random(Random random, String letters, int max) {
    StringBuilder out = new StringBuilder();
    for (int length = random.nextInt(max + 1); length > 0; length--) {
      out.append(letters.charAt(random.nextInt(letters.length())));
    }
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"\"\", xaxbx", "*, x", "a*, x", "b, ax", "?, xx"})
  void replace_countsEmptyMatchesAsGoDoes(String pattern, String expected) throws Exception {
    assertEquals(expected, ShellPattern.compile(pattern).replace("ab", "x", true, 100));
  }
}
