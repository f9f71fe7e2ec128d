package io.jbuild.builder.parse;

import io.jbuild.builder.parse.Directives.Checks;
import io.jbuild.builder.source.Blanks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.builder.source.Suggestion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code skip=A,B;error=true;experimental=all}, which {@code // a remark} may follow. */
final class ChecksReader {
  private static final List<String> OPTIONS = List.of("skip", "error", "experimental");
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private ChecksReader() {}

  /** As above an instruction: what cannot be read says nothing. */
  static Checks find(String value, Source source, SourceRange range) {
    try {
      return read(value.split("[ \t]", 2)[0], source, range);
    } catch (BuildfileException e) {
      return Checks.NONE;
    }
  }

  static Checks read(String value, Source source, SourceRange range) throws BuildfileException {
    Set<String> skip = new LinkedHashSet<>();
    Set<String> experimental = new LinkedHashSet<>();
    boolean error = false;
    for (String part : value.split("[ \t]//", 2)[0].split(";", -1)) {
      int equals = part.indexOf('=');
      String key = Blanks.trim(equals < 0 ? part : part.substring(0, equals));
      String text = Blanks.trim(equals < 0 ? "" : part.substring(equals + 1));
      if (key.isEmpty() && equals < 0) {
        continue;
      }
      boolean switchOn = TRUE.contains(text);
      if (key.equals("skip") && equals >= 0) {
        addNames(text, skip);
      } else if (key.equals("experimental") && equals >= 0) {
        addNames(text, experimental);
      } else if (key.equals("error") && (switchOn || FALSE.contains(text))) {
        error = switchOn;
      } else {
        Optional<String> hint =
            OPTIONS.contains(key)
                ? Optional.of(
                    key.equals("error") ? "write error=true" : "write " + key + "=RULE,RULE")
                : Suggestion.hint(key, OPTIONS);
        throw new BuildfileException(
                "invalid check option \"" + part.strip() + "\"", source, range, hint)
            .at(key);
      }
    }
    return new Checks(skip, error, experimental);
  }

  private static void addNames(String list, Set<String> names) {
    for (String name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(Blanks.trim(name));
      }
    }
  }
}
