package io.jbuild.fuzz;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Prefixes, suffixes and replacements against trying every place and every length. */
final class SubstitutionTarget {
  private static final int MAX_LENGTH = 60;

  private SubstitutionTarget() {}

  static void substitute(String text) {
    String[] lines = text.split("\n", -1);
    Expansion expansion =
        new Expansion(Map.of("v", part(lines, 0), "p", part(lines, 1), "r", part(lines, 2)), '\\');
    for (String form :
        new String[] {"${v#$p}", "${v##$p}", "${v%$p}", "${v%%$p}", "${v/$p/$r}", "${v//$p/$r}"}) {
      try {
        expansion.word(form);
      } catch (ExpansionException e) {
        Promise.holds(!e.problem().isBlank(), "an empty message");
      }
    }
  }

  private static String part(String[] lines, int i) {
    return i < lines.length ? lines[i] : "";
  }

  static void check(String text) {
    substitute(text);
    String[] lines = text.split("\n", -1);
    String value = part(lines, 0);
    String pattern = part(lines, 1);
    String replacement = part(lines, 2);
    if (value.length() > MAX_LENGTH || pattern.length() > MAX_LENGTH || !isWhole(value)) {
      return;
    }
    Optional<Pattern> compiled = compile(pattern);
    if (compiled.isEmpty()) {
      return;
    }
    Pattern slow = compiled.get();
    int n = value.length();
    IntPredicate prefix = i -> whole(value, i) && slow.matcher(value.substring(0, i)).matches();
    IntPredicate suffix = i -> whole(value, i) && slow.matcher(value.substring(i)).matches();
    int shortest = first(prefix, 0, 1, n);
    int longest = first(prefix, n, -1, n);
    int last = first(suffix, n, -1, n);
    int early = first(suffix, 0, 1, n);
    Expansion expansion = new Expansion(Map.of("v", value, "p", pattern, "r", replacement), '\\');
    expect(expansion, "${v#$p}", shortest < 0 ? value : value.substring(shortest));
    expect(expansion, "${v##$p}", longest < 0 ? value : value.substring(longest));
    expect(expansion, "${v%$p}", last < 0 ? value : value.substring(0, last));
    expect(expansion, "${v%%$p}", early < 0 ? value : value.substring(0, early));
    expect(expansion, "${v/$p/$r}", replaceFirst(value, slow, replacement));
  }

  private static void expect(Expansion expansion, String form, String expected) {
    try {
      Promise.same(expected, expansion.word(form), form);
    } catch (ExpansionException e) {
      throw new AssertionError(form, e);
    }
  }

  /** The leftmost place where something matches, and there the most. */
  private static String replaceFirst(String value, Pattern slow, String replacement) {
    for (int start = 0; start <= value.length(); start++) {
      for (int end = value.length(); end >= start; end--) {
        boolean whole = whole(value, start) && whole(value, end);
        if (whole && slow.matcher(value.substring(start, end)).matches()) {
          return value.substring(0, start) + replacement + value.substring(end);
        }
      }
    }
    return value;
  }

  private static int first(IntPredicate test, int from, int step, int length) {
    for (int i = from; i >= 0 && i <= length; i += step) {
      if (test.test(i)) {
        return i;
      }
    }
    return -1;
  }

  /** Not in the middle of a character of two units. */
  private static boolean whole(String text, int at) {
    return at == 0
        || at == text.length()
        || !Character.isLowSurrogate(text.charAt(at))
        || !Character.isHighSurrogate(text.charAt(at - 1));
  }

  private static boolean isWhole(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  /** The rules of the reference; empty for an escape that escapes nothing. */
  private static Optional<Pattern> compile(String pattern) {
    StringBuilder regex = new StringBuilder();
    int[] text = pattern.codePoints().toArray();
    for (int i = 0; i < text.length; i++) {
      int c = text[i];
      if (c == '*') {
        // possessive runs would be wrong, and repeated ones are slow
        boolean again = i > 0 && text[i - 1] == '*' && regex.toString().endsWith(".*");
        regex.append(again ? "" : ".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (c == '\\') {
        if (++i >= text.length || "}/*?\\".indexOf(text[i]) < 0) {
          return Optional.empty();
        }
        regex.append(Pattern.quote(Character.toString(text[i])));
      } else {
        regex.append(Pattern.quote(Character.toString(c)));
      }
    }
    long stars = pattern.chars().filter(c -> c == '*').count();
    return stars > 5
        ? Optional.empty()
        : Optional.of(Pattern.compile(regex.toString(), Pattern.DOTALL));
  }
}
