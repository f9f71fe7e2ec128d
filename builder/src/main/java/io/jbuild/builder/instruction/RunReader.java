package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.FlagReader.Kind;
import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Heredoc;
import io.jbuild.builder.parse.HeredocWord;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.builder.value.StepLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads RUN. */
final class RunReader {
  private static final Map<String, Kind> FLAGS = flags();

  private final Node node;
  private final Origin origin;
  private final List<Heredoc> heredocs;

  RunReader(Node node, Origin origin, List<Heredoc> heredocs) {
    this.node = node;
    this.origin = origin;
    this.heredocs = heredocs;
  }

  private static Map<String, Kind> flags() {
    Map<String, Kind> flags = new HashMap<>();
    LimitFlag.flags().forEach(name -> flags.put(name, Kind.STRING));
    flags.put(LimitFlag.ULIMIT.flag(), Kind.LIST);
    flags.put("mount", Kind.LIST);
    flags.put("network", Kind.STRING);
    flags.put("security", Kind.STRING);
    flags.put("device", Kind.LIST);
    return Map.copyOf(flags);
  }

  Run read() throws BuildfileException {
    FlagReader flags = FlagReader.read(origin, node.flags(), FLAGS);
    List<MountFlag> mounts = new ArrayList<>();
    for (Flag flag : flags.all("mount")) {
      mounts.add(mount(flag));
    }
    List<Run.Device> devices = new ArrayList<>();
    for (Flag flag : flags.all("device")) {
      devices.add(new DeviceReader(flag, origin).read());
    }
    return new Run(
        origin,
        command(),
        mounts,
        oneOf(flags, "network", Run.Network.DEFAULT, Run.Network.values()),
        oneOf(flags, "security", Run.Security.SANDBOX, Run.Security.values()),
        devices,
        limits());
  }

  /** Those without variables are checked at once, not when the step is reached. */
  private List<Flag> limits() throws BuildfileException {
    List<Flag> limits =
        node.flags().stream().filter(flag -> LimitFlag.named(flag.name()).isPresent()).toList();
    List<Flag> plain =
        limits.stream().filter(flag -> !flag.value().orElse("").contains("$")).toList();
    Expander none = new Expander(new Expansion(Map.of(), origin.escape()), origin);
    StepLimits unused = new LimitReader(plain, none).read();
    return limits;
  }

  private <E extends Enum<E>> E oneOf(FlagReader flags, String name, E standard, E[] values)
      throws BuildfileException {
    Optional<Flag> flag = flags.find(name);
    if (flag.isEmpty()) {
      return standard;
    }
    String text = flag.get().value().orElse("");
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
        return value;
      }
    }
    List<String> names = Arrays.stream(values).map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
    throw new BuildfileException(
            name + " mode \"" + text + "\" is not one of " + String.join(", ", names),
            origin.source(),
            flag.get().range(),
            Suggestion.hint(text, names))
        .at(text);
  }

  /** Without variables a mount is checked at once, not when its step is reached. */
  private MountFlag mount(Flag flag) throws BuildfileException {
    MountFlag mount = new MountFlagReader(flag, origin).read();
    if (!flag.value().orElse("").contains("$")) {
      mount.resolve(new Expansion(Map.of(), origin.escape()), origin);
    }
    return mount;
  }

  private CommandLine command() throws BuildfileException {
    if (node.arguments() instanceof Arguments.Json json) {
      if (json.strings().isEmpty()) {
        throw origin.error("RUN requires at least one argument");
      }
      return new CommandLine.Exec(json.strings());
    }
    String text = node.arguments() instanceof Arguments.Text given ? given.text() : "";
    if (text.isEmpty()) {
      throw origin.error("RUN requires at least one argument");
    }
    return heredocs.isEmpty() ? new CommandLine.ShellText(text) : withHeredocs(text);
  }

  /** A lone here-document is the command; others are for the shell, as they were written. */
  private CommandLine withHeredocs(String text) {
    if (HeredocWord.parse(text).isEmpty()) {
      StringBuilder whole = new StringBuilder(text);
      for (Heredoc heredoc : heredocs) {
        whole.append('\n').append(heredoc.text()).append(heredoc.name());
      }
      return new CommandLine.ShellText(whole.toString());
    }
    Heredoc only = heredocs.get(0);
    return only.text().startsWith("#!")
        ? new CommandLine.Script(only.name(), only.content())
        : new CommandLine.ShellText(only.content());
  }
}
