package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Heredoc;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the instruction of a node. The kinds that take more have readers of their own. */
final class InstructionReader {
  private static final Set<Keyword> NO_TRIGGER =
      Set.of(Keyword.ONBUILD, Keyword.FROM, Keyword.MAINTAINER);

  private final Node node;
  private final Origin origin;
  private final List<Heredoc> heredocs;

  InstructionReader(char escape, Node node) {
    this(new Origin(node.source(), node.range(), node.text(), escape), node, node.heredocs());
  }

  private InstructionReader(Origin origin, Node node, List<Heredoc> heredocs) {
    this.origin = origin;
    this.node = node;
    this.heredocs = heredocs;
  }

  Instruction read() throws BuildfileException {
    return switch (node.keyword()) {
      case ADD -> new CopyReader(node, origin, heredocs).readAdd();
      case ARG -> arg();
      case CMD -> new Cmd(plain(), command(node.arguments()));
      case COPY -> new CopyReader(node, origin, heredocs).readCopy();
      case ENTRYPOINT -> new Entrypoint(plain(), command(node.arguments()));
      case ENV -> new Env(plain(), pairs());
      case EXPOSE -> new Expose(plain(), someWords());
      case FROM -> from();
      case HEALTHCHECK -> new HealthcheckReader(node, origin).read();
      case LABEL -> new Label(plain(), pairs());
      case MAINTAINER -> new Maintainer(plain(), oneText());
      case ONBUILD -> onbuild();
      case RUN -> new RunReader(node, origin, heredocs).read();
      case SHELL -> shell();
      case STOPSIGNAL -> stopSignal();
      case USER -> new User(plain(), oneText());
      case VOLUME -> volume();
      case WORKDIR -> new Workdir(plain(), oneText());
      case INCLUDE -> enterInclude();
      case END -> new LeaveInclude(plain());
      case UNSET -> new UnsetReader(plain(), words(node.arguments())).read();
      case IF, ELSE -> throw origin.error(node.keyword() + " is not decided here");
    };
  }

  /** The origin, once it is clear that there are no flags. */
  private Origin plain() throws BuildfileException {
    FlagReader.read(origin, node.flags(), Map.of());
    return origin;
  }

  static CommandLine command(Arguments arguments) {
    if (arguments instanceof Arguments.Json json) {
      return new CommandLine.Exec(json.strings());
    }
    return new CommandLine.ShellText(arguments instanceof Arguments.Text text ? text.text() : "");
  }

  private BuildfileException requires(String what) {
    return origin.error(node.keyword() + " requires " + what);
  }

  private String oneText() throws BuildfileException {
    String text = node.arguments() instanceof Arguments.Text given ? given.text() : "";
    if (text.isEmpty()) {
      throw requires("exactly one argument");
    }
    return text;
  }

  /** Words or JSON strings, at least one. */
  private List<String> someWords() throws BuildfileException {
    List<String> words = words(node.arguments());
    if (words.isEmpty()) {
      throw requires("at least one argument");
    }
    return words;
  }

  static List<String> words(Arguments arguments) {
    if (arguments instanceof Arguments.Json json) {
      return json.strings();
    }
    return arguments instanceof Arguments.Words words
        ? words.words().stream().map(Arguments.Word::text).toList()
        : List.of();
  }

  private List<KeyValue> pairs() throws BuildfileException {
    List<KeyValue> out = new ArrayList<>();
    if (node.arguments() instanceof Arguments.Pairs pairs) {
      for (Arguments.Pair pair : pairs.pairs()) {
        if (pair.key().isEmpty()) {
          throw origin.error(node.keyword() + " names can not be blank", pair.range());
        }
        out.add(new KeyValue(pair.key(), pair.value(), pair.legacy(), pair.range()));
      }
    }
    if (out.isEmpty()) {
      throw requires("at least one argument");
    }
    return out;
  }

  private Instruction enterInclude() throws BuildfileException {
    Origin place = plain();
    List<String> words = words(node.arguments());
    if (words.isEmpty()) {
      throw requires("the path of a file of the build context");
    }
    List<KeyValue> values = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw origin
            .error(
                "INCLUDE takes one path, and values as NAME=value: " + word,
                "every file has an INCLUDE of its own")
            .at(word);
      }
      values.add(
          new KeyValue(word.substring(0, equals), word.substring(equals + 1), false, node.range()));
    }
    return new EnterInclude(place, words.get(0), values);
  }

  private Instruction computed(Arguments.Computed computed) throws BuildfileException {
    Arguments command = new Arguments.Text(computed.command());
    Run run = new RunReader(node.withBody(computed.command(), command), origin, List.of()).read();
    return new ComputedArg(origin, computed.name(), run, description(computed.name()));
  }

  private Instruction arg() throws BuildfileException {
    if (node.arguments() instanceof Arguments.Computed computed) {
      return computed(computed);
    }
    List<Arg.Definition> definitions = new ArrayList<>();
    if (node.arguments() instanceof Arguments.Words words) {
      for (Arguments.Word word : words.words()) {
        definitions.add(definition(word));
      }
    }
    if (definitions.isEmpty()) {
      throw requires("at least one argument");
    }
    return new Arg(plain(), definitions);
  }

  private Arg.Definition definition(Arguments.Word word) throws BuildfileException {
    int equals = word.text().indexOf('=');
    String name = equals < 0 ? word.text() : word.text().substring(0, equals);
    if (name.isEmpty()) {
      throw origin.error("ARG names can not be blank", word.range());
    }
    Optional<String> value =
        equals < 0 ? Optional.empty() : Optional.of(word.text().substring(equals + 1));
    return new Arg.Definition(name, value, description(name), word.range());
  }

  /** {@code # name what it is for}, above the instruction. */
  private Optional<String> description(String name) {
    String prefix = name + " ";
    return node.comments().stream()
        .filter(comment -> comment.startsWith(prefix))
        .map(comment -> comment.substring(prefix.length()))
        .findFirst();
  }

  private Instruction from() throws BuildfileException {
    FlagReader flags =
        FlagReader.read(origin, node.flags(), Map.of("platform", FlagReader.Kind.STRING));
    List<String> words = words(node.arguments());
    boolean named = words.size() == 3 && words.get(1).equalsIgnoreCase("as");
    if (words.size() != 1 && !named) {
      boolean remark = words.stream().anyMatch(word -> word.startsWith("#"));
      throw origin.error(
          "FROM requires either one or three arguments",
          remark ? "a comment needs a line of its own" : "write FROM IMAGE or FROM IMAGE AS NAME");
    }
    Optional<String> written = named ? Optional.of(words.get(2)) : Optional.empty();
    Optional<String> name = written.map(w -> w.toLowerCase(Locale.ROOT));
    if (name.isPresent() && !isStageName(name.get())) {
      throw origin
          .error(
              "invalid name for build stage: \""
                  + words.get(2)
                  + "\", name can't start with a number or contain symbols",
              "a name is letters, digits and - _ . and begins with a letter; it is never expanded")
          .at(words.get(2));
    }
    Optional<String> description = name.flatMap(this::description);
    return new From(origin, words.get(0), name, written, flags.string("platform"), description);
  }

  private static boolean isStageName(String name) {
    return name.charAt(0) >= 'a'
        && name.charAt(0) <= 'z'
        && name.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.".indexOf(c) >= 0);
  }

  private Instruction onbuild() throws BuildfileException {
    plain();
    if (!(node.arguments() instanceof Arguments.Trigger trigger)) {
      throw requires("at least one argument");
    }
    Node inner = trigger.node();
    if (NO_TRIGGER.contains(inner.keyword()) || inner.keyword().isExtension()) {
      throw origin.error(inner.keyword() + " isn't allowed as an ONBUILD trigger");
    }
    if (inner.arguments() instanceof Arguments.Computed) {
      throw origin.error("ARG name=$(command) isn't allowed as an ONBUILD trigger");
    }
    StringBuilder expression = new StringBuilder(inner.text());
    for (Heredoc heredoc : heredocs) {
      expression.append('\n').append(heredoc.text()).append(heredoc.name());
    }
    Origin place = new Origin(origin.source(), origin.range(), inner.text(), origin.escape());
    return new Onbuild(
        origin, expression.toString(), new InstructionReader(place, inner, heredocs).read());
  }

  private Instruction shell() throws BuildfileException {
    plain();
    if (!(node.arguments() instanceof Arguments.Json json)) {
      throw origin.error(
          "SHELL requires the arguments to be in JSON form",
          "write SHELL [\"/bin/bash\", \"-c\"], with double quotes");
    }
    if (json.strings().isEmpty()) {
      throw requires("at least one argument");
    }
    return new Shell(origin, json.strings());
  }

  private Instruction stopSignal() throws BuildfileException {
    String signal = oneText();
    boolean literal = signal.chars().allMatch(c -> Character.isLetterOrDigit(c));
    if (literal && Signals.number(signal).isEmpty()) {
      throw origin.error("invalid signal: " + signal, Signals.hint(signal)).at(signal);
    }
    return new StopSignal(plain(), signal);
  }

  private Instruction volume() throws BuildfileException {
    List<String> paths = someWords().stream().map(String::strip).toList();
    if (paths.contains("")) {
      throw origin.error("VOLUME specified can not be an empty string");
    }
    return new Volume(plain(), paths);
  }
}
