package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Frontend;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The flags of one instruction, checked against those that it knows. */
final class FlagReader {
  /** What a flag takes. */
  enum Kind {
    BOOLEAN,
    STRING,
    /** A string, any number of times. */
    LIST
  }

  private final Origin origin;
  private final List<Flag> flags;

  private FlagReader(Origin origin, List<Flag> flags) {
    this.origin = origin;
    this.flags = flags;
  }

  static FlagReader read(Origin origin, List<Flag> flags, Map<String, Kind> known)
      throws BuildfileException {
    FlagReader reader = new FlagReader(origin, flags);
    Set<String> seen = new HashSet<>();
    for (Flag flag : flags) {
      Kind kind = known.get(flag.name());
      if (kind == null) {
        throw reader.unknown(flag, known);
      }
      if (!seen.add(flag.name()) && kind != Kind.LIST) {
        throw origin
            .error("duplicate flag specified: --" + flag.name(), flag.range())
            .at("--" + flag.name());
      }
      reader.checkValue(flag, kind);
    }
    return reader;
  }

  private BuildfileException unknown(Flag flag, Map<String, Kind> known) {
    List<String> names = known.keySet().stream().sorted().map(name -> "--" + name).toList();
    String written = "--" + flag.name();
    String hint =
        flag.name().equals("strict")
            ? Frontend.hint(written)
            : Suggestion.hint(written, nearby(names)).orElseGet(() -> all(names));
    return origin.error("unknown flag: " + written, flag.range(), hint).at(written);
  }

  /** The flag of {@link Frontend#JBUILD_1} is gone by now, but may be what was meant. */
  private List<String> nearby(List<String> names) {
    return keyword().equals("RUN")
        ? Stream.concat(names.stream(), Stream.of("--strict")).toList()
        : names;
  }

  private String keyword() {
    return origin.text().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
  }

  private String all(List<String> names) {
    String keyword = keyword();
    return names.isEmpty()
        ? keyword + " has no flags; an argument that begins with dashes needs -- in front"
        : keyword + " has " + String.join(", ", names);
  }

  private void checkValue(Flag flag, Kind kind) throws BuildfileException {
    boolean empty = flag.value().map(String::isEmpty).orElse(false);
    boolean missing = kind == Kind.BOOLEAN ? empty : flag.value().isEmpty();
    if (missing) {
      throw origin
          .error(
              "missing a value on flag: --" + flag.name(),
              flag.range(),
              kind == Kind.BOOLEAN ? booleans(flag) : "write --" + flag.name() + "=VALUE")
          .at(flag.written());
    }
    if (kind == Kind.BOOLEAN && bool(flag).isEmpty()) {
      throw origin
          .error(
              "expecting boolean value for flag --"
                  + flag.name()
                  + ", not: "
                  + flag.value().orElse(""),
              flag.range(),
              booleans(flag))
          .at(flag.written());
    }
  }

  private static String booleans(Flag flag) {
    return "write --" + flag.name() + " or --" + flag.name() + "=false";
  }

  private static Optional<Boolean> bool(Flag flag) {
    String value = flag.value().orElse("true").toLowerCase(Locale.ROOT);
    return switch (value) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  Optional<Boolean> bool(String name) {
    return find(name).flatMap(FlagReader::bool);
  }

  boolean isSet(String name) {
    return bool(name).orElse(false);
  }

  /** An empty value is as good as none. */
  Optional<String> string(String name) {
    return find(name).flatMap(Flag::value).filter(value -> !value.isEmpty());
  }

  Optional<Flag> find(String name) {
    return flags.stream().filter(flag -> flag.name().equals(name)).findFirst();
  }

  List<Flag> all(String name) {
    return flags.stream().filter(flag -> flag.name().equals(name)).toList();
  }

  List<String> strings(String name) {
    List<String> out = new ArrayList<>();
    all(name).forEach(flag -> flag.value().filter(v -> !v.isEmpty()).ifPresent(out::add));
    return out;
  }
}
