package io.jbuild.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a hostile build may not do to a terminal. */
class TextTest {
  @Test
  void printable_dropsWhatMovesTheCursor() {
    assertEquals("red", Text.printable("\u001b[31mred\u001b[0m"));
    assertEquals("title gone", Text.printable("title\u001b]0;owned\u0007 gone"));
    assertEquals("a\tb", Text.printable("a\tb\u0007\u0000\u009b"));
    assertEquals("", Text.printable("\u001b["));
    assertEquals("", Text.printable("\u001b"));
  }

  @Test
  void printable_keepsTheLastStateOfARedrawnLine() {
    assertEquals("100%", Text.printable(" 10%\r 50%\r100%\r\n"));
  }

  @Test
  void printable_replacesWhatIsNotUtf8() {
    assertEquals("a\ufffdb", Text.printable(new byte[] {'a', (byte) 0xff, 'b'}));
    assertEquals("ü", Text.printable("ü".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void sizes_areDecimal() {
    assertEquals("999 B", Sizes.human(999));
    assertEquals("1.0 kB", Sizes.human(1000));
    assertEquals("1.0 MB", Sizes.human(999_999));
    assertEquals("205.3 MB", Sizes.human(205_290_000));
  }
}
