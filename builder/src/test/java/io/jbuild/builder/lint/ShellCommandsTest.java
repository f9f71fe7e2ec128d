package io.jbuild.builder.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellCommandsTest {
  /** Words in brackets, commands by commas. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      value = {
        "a b                        ; [[a, b]]",
        "a&&b x||c;d & e            ; [[a], [b, x], [c], [d], [e]]",
        "a > /dev/null 2>&1 && b    ; [[a], [b]]",
        "a >>log b                  ; [[a, b]]",
        "a1>x                       ; [[a1]]",
        "A=1 B=\"c d\" sudo x       ; [[x]]",
        "if a; then b; else c; fi   ; [[a], [b], [c]]",
        "(cd /x && make)            ; [[cd, /x], [make]]",
        "a 'b ; c' \"d \\\" e\" f\\ g ; [[a, b ; c, d \" e, f g]]",
        "a $(b c; d) e              ; [[a, $(b c; d), e]]",
        "a # b                      ; [[a]]",
        "a#b c                      ; [[a#b, c]]",
        "a ''                       ; [[a, ]]",
        "cat <<E > f                ; [[cat]]",
        "a \\                       ; [[a]]",
        "'a                         ; [[a]]",
      })
  void parse_findsTheCommands(String row) {
    String[] halves = row.split(" ; (?=\\[)", 2);
    assertEquals(halves[1].strip(), ShellCommands.parse(halves[0].strip()).toString());
  }
}
