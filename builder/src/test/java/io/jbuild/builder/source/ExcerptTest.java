package io.jbuild.builder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExcerptTest {
  /** The marked line and what is below it. */
  private static List<String> lines(String text, String word) {
    Source source = Source.of("Buildfile", text);
    SourceRange all = new SourceRange(1, source.lineCount());
    List<String> rendered =
        new BuildfileException("bad", source, all).at(word).render().lines().toList();
    int caret = 0;
    while (caret < rendered.size() && !rendered.get(caret).startsWith("     |     ")) {
      caret++;
    }
    return caret == rendered.size() ? List.of() : rendered.subList(caret - 1, caret + 1);
  }

  @Test
  void word_hasCaretsBelowIt() {
    assertEquals(
        List.of("   1 | >>> COPY --form=b /x /y", "     |          ^^^^^^"),
        lines("COPY --form=b /x /y", "--form"));
  }

  @Test
  void wordInALongerOne_isNotMarked() {
    assertEquals(
        List.of("   1 | >>> COPY /b b-1 b.c xb b", "     |     " + " ".repeat(19) + "^"),
        lines("COPY /b b-1 b.c xb b", "b"));
    assertEquals(List.of(), lines("COPY /b bb c", "b"));
  }

  @Test
  void wordThatStandsTwice_isMarkedTwice() {
    assertEquals(
        List.of("   1 | >>> COPY --link --link a", "     |          ^^^^^^ ^^^^^^"),
        lines("COPY --link --link a", "--link"));
  }

  @Test
  void tabsAndWideCharacters_areAsWideBelow() {
    assertEquals("     |     \t   \t^^", lines("\tRUN\t$x\ty", "$x").get(1));
    assertEquals("     |     " + "    " + " ".repeat(6) + " ^^", lines("RUN 名前😀 $x", "$x").get(1));
    assertEquals("     |     " + "    " + "^^^^", lines("RUN 名前", "名前").get(1));
    assertEquals("     |     " + "  " + "^", lines("e\u0301 b", "b").get(1));
    assertEquals("     |     " + " ".repeat(7) + "^", lines("\u001b b", "b").get(1));
  }

  @Test
  void wordBeyondTheCut_isShown() {
    List<String> shown = lines("RUN " + "x".repeat(300) + " here " + "y".repeat(300), "here");
    assertFalse(shown.isEmpty());
    assertEquals(
        "   1 | >>> ..." + "x".repeat(39) + " here " + "y".repeat(115) + "...", shown.get(0));
    assertEquals("     |     " + " ".repeat(43) + "^^^^", shown.get(1));
  }

  @Test
  void wordLongerThanTheLineShown_isMarkedAsFarAsItIsShown() {
    List<String> shown = lines("RUN " + "x".repeat(300), "x".repeat(300));
    assertEquals("     |     " + "    " + "^".repeat(156), shown.get(1));
  }

  @Test
  void commentBetweenLines_isNotMarked() {
    assertEquals(
        List.of("   3 | >>>   --form=b", "     |       ^^^^^^"),
        lines("COPY \\\n# --form\n  --form=b", "--form"));
  }

  @Test
  void wordThatIsNotThere_hasNoCarets() {
    assertEquals(List.of(), lines("RUN $x", "value"));
    assertEquals(List.of(), lines("RUN x", ""));
  }
}
