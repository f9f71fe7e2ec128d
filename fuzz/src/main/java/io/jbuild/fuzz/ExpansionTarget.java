package io.jbuild.fuzz;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.expand.Words;
import io.jbuild.builder.source.Blanks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Text without {@code $}, quotes and escapes stays as it is; a value is taken as it is. */
final class ExpansionTarget {
  private ExpansionTarget() {}

  private static Map<String, String> environment(String value) {
    return Map.of("v", value, "a", "b c", "empty", "", "p", "*", "version", "1.2.3");
  }

  static void expand(String text) {
    int line = text.indexOf('\n');
    String value = line < 0 ? "value" : text.substring(0, line);
    String word = text.substring(line + 1);
    Expansion expansion = new Expansion(environment(value), value.startsWith("`") ? '`' : '\\');
    try {
      expansion.word(word);
      expansion.words(word);
      expansion.content(word);
    } catch (ExpansionException e) {
      Promise.holds(!e.problem().isBlank(), "an empty message");
    }
  }

  static void check(String text) {
    expand(text);
    int line = text.indexOf('\n');
    String value = line < 0 ? "value" : text.substring(0, line);
    String word = text.substring(line + 1);
    char escape = value.startsWith("`") ? '`' : '\\';
    Expansion expansion = new Expansion(environment(value), escape);
    try {
      if (isPlain(word, "$'\"" + escape)) {
        Promise.same(word, expansion.word(word), "plain word");
        Promise.same(split(word), expansion.words(word), "plain words");
      }
      if (isPlain(word, "$\\")) {
        Promise.same(word, expansion.content(word), "plain content");
      }
      String around = word.replaceAll("[$'\"\\\\`]", "");
      Promise.same(around + value + around, expansion.word(around + "${v}" + around), "${v}");
      Promise.same(
          around + "$v" + around, expansion.word(around + escape + "$v" + around), "escaped");
      Promise.same(around + "${v}", expansion.word(around + "'${v}'"), "single quotes");
    } catch (ExpansionException e) {
      throw new AssertionError(e);
    }
    checkWords(word);
  }

  /** What is split without an environment has lost blanks only. */
  private static void checkWords(String word) {
    try {
      String joined = String.join("", Words.verbatim(word));
      Promise.same(withoutBlanks(word), withoutBlanks(joined), "verbatim words");
    } catch (ExpansionException e) {
      Promise.holds(!isPlain(word, "$'\"\\"), "plain text is refused: " + e.problem());
    }
  }

  private static String withoutBlanks(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().filter(c -> !Blanks.isSpace(c)).forEach(out::appendCodePoint);
    return out.toString();
  }

  private static boolean isPlain(String text, String special) {
    return text.chars().noneMatch(c -> special.indexOf(c) >= 0);
  }

  private static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int c : (text + " ").codePoints().toArray()) {
      if (!Blanks.isSpace(c)) {
        word.appendCodePoint(c);
      } else if (word.length() > 0) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    return words;
  }
}
