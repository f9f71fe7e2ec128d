package io.jbuild.builder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
  private static final List<String> NAMES = List.of("COPY", "CMD", "FROM", "ENTRYPOINT", "builder");

  @ParameterizedTest
  @CsvSource({
    "CPOY, COPY", "copi, COPY", "FORM, FROM", "ENTRPOINT, ENTRYPOINT", "ENTYRPIONT, ENTRYPOINT",
    "bulder, builder", "CDM, CMD", "X, ''", "completely, ''", "COPYCOPY, ''"
  })
  void nearest_isASlipOfTheFinger(String word, String expected) {
    Optional<String> nearest = Suggestion.nearest(word, NAMES);
    assertEquals(expected, nearest.orElse(""));
  }
}
