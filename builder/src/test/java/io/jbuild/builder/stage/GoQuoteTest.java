package io.jbuild.builder.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What Go 1.24's fmt prints. */
class GoQuoteTest {
  @Test
  void list_quotesEachWord() {
    assertEquals("[]", GoQuote.list(List.of()));
    assertEquals(
        "[\"sh\" \"\\\"a\\\\b\\\"\" \"it's\"]", GoQuote.list(List.of("sh", "\"a\\b\"", "it's")));
  }

  @Test
  void text_escapesWhatCannotBeSeen() {
    assertEquals("\"\\a\\n\\t\\v\"", GoQuote.text("\u0007\n\t\u000b"));
    assertEquals("\"\\x00\\x1b\\x7f\"", GoQuote.text("\u0000\u001b\u007f"));
    assertEquals("\"é \\u00a0\\u200b\"", GoQuote.text("é \u00a0\u200b"));
  }

  @Test
  void character_isThatOfTheNumber() {
    assertEquals("'\\x00'", GoQuote.character(0));
    assertEquals("'\\x03'", GoQuote.character(3));
    assertEquals("'\\a'", GoQuote.character(7));
    assertEquals("'\\''", GoQuote.character(39));
    assertEquals("'A'", GoQuote.character(65));
    assertEquals("'\ufffd'", GoQuote.character(Integer.MAX_VALUE));
  }
}
