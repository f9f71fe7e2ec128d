package io.jbuild.builder.expand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
  private static final Map<String, String> ENV =
      Map.of(
          "dir", "/srv/app",
          "file", "lib.tar.gz",
          "empty", "",
          "two", "one  two",
          "stars", "a*b*c",
          "größe", "10");

  private static Expansion expansion() {
    return new Expansion(ENV, '\\');
  }

  /** The columns are the word and what it becomes; {@code _} is nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "plain | plain",
        "$dir | /srv/app",
        "$dir/x | /srv/app/x",
        "${dir}x | /srv/appx",
        "$dirx | _",
        "x$ | x$",
        "x$.y | x$.y",
        "$größe | 10",
        "$1a | a",
        "$12a | a",
        "$$dir | dir",
        "$@$*$#$?$-$!$0 | _",
        "\\$dir | $dir",
        "'$dir' | $dir",
        "\"$dir\" | /srv/app",
        "\"\\$dir\" | $dir",
        "\"a\\b\" | a\\b",
        "\"a\\\\b\" | a\\b",
        "\"a\\\"b\" | a\"b",
        "a\\b | ab",
        "a\\ b | a b",
        "'a'\"b\"c | abc",
        "'it\"s' | it\"s",
        "a\\ | a",
        "${dir:-x} | /srv/app",
        "${none:-x} | x",
        "${none-x} | x",
        "${empty:-x} | x",
        "${empty-x} | _",
        "${empty:+x} | _",
        "${empty+x} | x",
        "${dir:+x} | x",
        "${none+x} | _",
        "${none:-$dir} | /srv/app",
        "${none:-${other:-${dir}}} | /srv/app",
        "${none:-a}b} | ab}",
        "${none:-\\}} | }",
        "${none:-'a}b'} | a}b",
        "${none:-\"$dir\"} | /srv/app",
        "${dir:?msg} | /srv/app",
        "${empty?msg} | _",
        "${file#*.} | tar.gz",
        "${file##*.} | gz",
        "${file%.*} | lib.tar",
        "${file%%.*} | lib",
        "${file#lib} | .tar.gz",
        "${file#nope} | lib.tar.gz",
        "${file#???} | .tar.gz",
        "${file%?} | lib.tar.g",
        "${file#} | lib.tar.gz",
        "${none#x} | _",
        "${stars#a\\*} | b*c",
        "${stars%\\**} | a*b",
        "${stars%%\\**} | a",
        "${dir#$none} | /srv/app",
        "${file#[l]} | lib.tar.gz",
        "${file/./-} | lib-tar.gz",
        "${file//./-} | lib-tar-gz",
        "${file/.*/} | lib",
        "${file//[/x} | lib.tar.gz",
        "${file//?/x} | xxxxxxxxxx",
        "${dir//\\//-} | -srv-app",
        "${file/lib/$dir} | /srv/app.tar.gz",
        "${stars//\\*/+} | a+b+c",
        "${none/a/b} | _",
      })
  void word_expands(String word, String expected) throws Exception {
    assertEquals(expected.equals("_") ? "" : expected, expansion().word(word));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'open | matching single-quote",
        "\"open | matching double-quote",
        "${ | missing '}'",
        "${dir | missing '}'",
        "${dir:-x | missing '}'",
        "${dir:-${x} | missing '}'",
        "${} | bad substitution",
        "${:x} | bad substitution",
        "${{a} | bad substitution",
        "${.} | unsupported modifier (.)",
        "${dir:x} | unsupported modifier (:x)",
        "${dir:=x} | unsupported modifier (:=)",
        "${dir=x} | unsupported modifier (=)",
        "${dir:#x} | unsupported modifier (:#)",
        "${dir:/a/b} | unsupported modifier (:/)",
        "${none?} | none: is not allowed to be unset",
        "${none:?} | none: is not allowed to be unset",
        "${empty:?} | empty: is not allowed to be empty",
        "${none:?set it to $dir} | none: set it to /srv/app",
        "${dir/x} | missing '/' in ${}",
        "${dir/x/y | missing '}'",
        "${file#\\x} | invalid escape",
      })
  void word_refuses(String word, String problem) {
    ExpansionException e = assertThrows(ExpansionException.class, () -> expansion().word(word));
    assertTrue(e.problem().contains(problem), e.problem());
    assertTrue(e.problem().startsWith("failed to process"), e.problem());
  }

  /** Words are shown between bars. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "a b ; |a|b|",
        "  a\tb  ; |a|b|",
        "$two ; |one|two|",
        "\"$two\" ; |one  two|",
        "x$two'y z' ; |xone|twoy z|",
        "a\\ b c ; |a b|c|",
        "$empty ; |",
        "'' ; |",
        "a $empty b ; |a|b|",
        "${none:-x y} ; |x|y|",
        "${none:-\"x y\"} ; |x|y|",
      })
  void words_splitAfterExpansion(String word, String expected) throws Exception {
    List<String> words = expansion().words(word);
    String shown = words.isEmpty() ? "|" : "|" + String.join("|", words) + "|";
    assertEquals(expected, shown);
  }

  @Test
  void content_keepsQuotesAndExpandsInside() throws Exception {
    String text = "it's \"$dir\"\n'$empty' \\$dir ${none:-x}\n";
    assertEquals("it's \"/srv/app\"\n'' $dir x\n", expansion().content(text));
  }

  @Test
  void word_usesTheEscapeOfTheFile() throws Exception {
    Expansion backtick = new Expansion(ENV, '`');
    assertEquals("$dir", backtick.word("`$dir"));
    assertEquals("c:\\dir\\x", backtick.word("c:\\dir\\x"));
  }

  @Test
  void usedAndUndefined_nameWhatWasLookedUp() throws Exception {
    Expansion expansion = expansion();
    expansion.word("$dir ${none:-$other} \\$escaped '$quoted'");
    assertEquals(Set.of("dir"), expansion.used());
    assertEquals(Set.of("none", "other"), expansion.undefined());
  }

  @Test
  void word_limitsItsOutput() throws Exception {
    Map<String, String> env = new TreeMap<>();
    env.put("v0", "x".repeat(64));
    ExpansionException e =
        assertThrows(
            ExpansionException.class,
            () -> {
              for (int i = 1; i <= 40; i++) {
                String previous = "$v" + (i - 1);
                env.put("v" + i, new Expansion(env, '\\').word(previous + previous));
              }
            });
    assertTrue(e.problem().contains("longer than"));
  }

  @Test
  void word_limitsNesting() {
    ExpansionException e =
        assertThrows(ExpansionException.class, () -> expansion().word("${a:-".repeat(30_000)));
    assertTrue(e.problem().contains("nested"));
  }

  @Test
  void replace_isLinearForManyStars() throws Exception {
    Expansion long_ = new Expansion(Map.of("v", "a".repeat(100_000)), '\\');
    assertEquals("a".repeat(100_000), long_.word("${v//" + "*a".repeat(100) + "b/x}"));
  }

  @Test
  void verbatim_findsWordsAsWritten() throws Exception {
    assertEquals(
        List.of("RUN", "cat", "<<'E O F'", "\"a b\"", "c\\ d", "${x:-y}", "<< EOF"),
        Words.verbatim("RUN cat <<'E O F' \"a b\" c\\ d ${x:-y} << EOF").stream().toList());
  }

  @Test
  void word_ofMoreVariablesThanAnyKernelTakes_isRefused() {
    Map<String, String> variables = new TreeMap<>();
    for (int i = 0; i < 17; i++) {
      variables.put("V" + i, "x".repeat(256 << 10));
    }
    ExpansionException error =
        assertThrows(ExpansionException.class, () -> new Expansion(variables, '\\').word("$V0"));
    assertTrue(error.problem().contains("4 MiB"), error.problem());
  }

  @Test
  void word_ofAnInstructionThatGrowsWithoutEnd_isRefused() throws Exception {
    Expansion expansion = new Expansion(Map.of("A", "x".repeat(256 << 10)), '\\');
    for (int i = 0; i < 16; i++) {
      assertEquals(256 << 10, expansion.next().word("$A").length());
    }
    ExpansionException error =
        assertThrows(ExpansionException.class, () -> expansion.next().word("$A"));
    assertTrue(error.problem().contains("4 MiB"), error.problem());
  }
}
