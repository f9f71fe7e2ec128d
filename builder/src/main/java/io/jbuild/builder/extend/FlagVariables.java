package io.jbuild.builder.extend;

import io.jbuild.builder.instruction.Csv;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Variables in flags that a plain file must say literally: {@code --from}, {@code --exclude}. */
final class FlagVariables {
  private final Origin origin;
  private final Words words;

  private FlagVariables(Origin origin, Words words) {
    this.origin = origin;
    this.words = words;
  }

  /** What replaces variables. */
  @FunctionalInterface
  interface Words {
    String expand(String raw, Origin origin) throws BuildfileException;
  }

  /** The same node with flags that are literal. */
  static Node expand(Node node, Origin origin, Words words) throws BuildfileException {
    FlagVariables variables = new FlagVariables(origin, words);
    List<Flag> flags = new ArrayList<>();
    boolean changed = false;
    for (Flag flag : node.flags()) {
      Flag next = variables.flag(node.keyword(), flag);
      changed |= !next.equals(flag);
      flags.add(next);
    }
    return changed ? node.withFlags(flags) : node;
  }

  private Flag flag(Keyword keyword, Flag flag) throws BuildfileException {
    Optional<String> value = flag.value().filter(text -> text.indexOf('$') >= 0);
    if (value.isEmpty()) {
      return flag;
    }
    boolean copies = keyword == Keyword.COPY || keyword == Keyword.ADD;
    if (copies && (flag.name().equals("from") || flag.name().equals("exclude"))) {
      return with(flag, word(flag.name(), value.get()));
    }
    boolean runs = keyword == Keyword.RUN || keyword == Keyword.ARG;
    return runs && flag.name().equals("mount") ? with(flag, mount(value.get())) : flag;
  }

  private static Flag with(Flag flag, String value) {
    return new Flag(flag.name(), Optional.of(value), flag.range());
  }

  private String word(String name, String raw) throws BuildfileException {
    String value = words.expand(raw, origin);
    if (value.isEmpty()) {
      throw origin.error(name + "=" + raw + " is empty");
    }
    return value;
  }

  /** Only {@code from}: what else is in a mount is replaced when its step is reached. */
  private String mount(String csv) throws BuildfileException {
    Optional<List<String>> fields = Csv.fields(csv);
    if (fields.isEmpty()) {
      return csv; // refused when the flag is read
    }
    List<String> expanded = new ArrayList<>();
    for (String field : fields.get()) {
      boolean from = field.toLowerCase(Locale.ROOT).startsWith("from=");
      expanded.add(from ? "from=" + word("from", field.substring(5)) : field);
    }
    return Csv.join(expanded);
  }
}
