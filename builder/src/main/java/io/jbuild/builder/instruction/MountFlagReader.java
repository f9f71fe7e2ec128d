package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the options of a {@code --mount}, as far as that goes without variables. */
final class MountFlagReader {
  private static final Set<String> BARE =
      Set.of("readonly", "ro", "readwrite", "rw", "required", "z", "u", "tmpcopyup");

  static final String NO_VARIABLES =
      "define a stage with FROM, which expands global ARGs, and name that; or begin the file with"
          + " \"# syntax=jbuild/1\"";

  private final Flag flag;
  private final Origin origin;

  MountFlagReader(Flag flag, Origin origin) {
    this.flag = flag;
    this.origin = origin;
  }

  MountFlag read() throws BuildfileException {
    Optional<List<String>> fields = Csv.fields(flag.value().orElse(""));
    if (fields.isEmpty()) {
      throw origin.error(
          "failed to parse csv mounts: misplaced quote",
          flag.range(),
          "quotes go around a whole field, and the flag needs others: '\"target=/a,b\"'");
    }
    List<MountFlag.Option> options = new ArrayList<>();
    Optional<String> from = Optional.empty();
    for (String field : fields.get()) {
      MountFlag.Option option = option(field);
      options.add(option);
      if (option.key().equals("from")) {
        from = option.value().filter(value -> !value.isEmpty());
      }
    }
    return new MountFlag(options, from, flag.range());
  }

  private MountFlag.Option option(String field) throws BuildfileException {
    int equals = field.indexOf('=');
    String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
    if (field.isEmpty()) {
      throw error(
          "unexpected key '' in ''",
          Optional.of("fields are divided by one comma each, without blanks"));
    }
    if (!MountReader.KEYS.contains(key)) {
      throw error(
              "unexpected key '" + key + "' in '" + field + "'",
              Suggestion.hint(key, MountReader.KEYS)
                  .or(() -> Optional.of("there are " + String.join(", ", MountReader.KEYS))))
          .at(field);
    }
    if (equals < 0 && !BARE.contains(key)) {
      throw error(
              "invalid field '" + field + "' must be a key=value pair",
              Optional.of("write " + key + "=VALUE"))
          .at(field);
    }
    String value = field.substring(equals + 1);
    int dollar = value.indexOf('$');
    if (key.equals("from") && dollar >= 0 && dollar < value.length() - 1) {
      throw error("'from' doesn't support variable expansion", Optional.of(NO_VARIABLES)).at(value);
    }
    return new MountFlag.Option(key, equals < 0 ? Optional.empty() : Optional.of(value));
  }

  private BuildfileException error(String problem, Optional<String> hint) {
    return new BuildfileException(problem, origin.source(), flag.range(), hint);
  }
}
