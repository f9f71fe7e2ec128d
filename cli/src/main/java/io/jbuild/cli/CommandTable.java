package io.jbuild.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * The commands by name. Only the one that is asked for is made and described to picocli, because
 * reading the annotations of all of them takes longer than a cached build.
 */
final class CommandTable {
  private static final Map<String, Function<Console, Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("build", BuildCommand::new);
    COMMANDS.put("check", CheckCommand::new);
    COMMANDS.put("ignored", IgnoredCommand::new);
    COMMANDS.put("transpile", TranspileCommand::new);
    COMMANDS.put("run", RunCommand::new);
    COMMANDS.put("images", ImagesCommand::new);
    COMMANDS.put("tag", TagCommand::new);
    COMMANDS.put("rmi", RmiCommand::new);
    COMMANDS.put("inspect", InspectCommand::new);
    COMMANDS.put("history", HistoryCommand::new);
    COMMANDS.put("pull", PullCommand::new);
    COMMANDS.put("push", PushCommand::new);
    COMMANDS.put("save", SaveCommand::new);
    COMMANDS.put("load", LoadCommand::new);
    COMMANDS.put("import", ImportCommand::new);
    COMMANDS.put("ps", PsCommand::new);
    COMMANDS.put("ns", NsCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
    COMMANDS.put("info", InfoCommand::new);
    COMMANDS.put("version", VersionCommand::new);
  }

  private CommandTable() {}

  /** The root command with the named subcommand, or with all of them where none is named. */
  static CommandLine commandLine(List<String> line, Console console) {
    CommandLine root = new CommandLine(new RootCommand(console));
    String name = firstCommand(line);
    Collection<String> wanted = name.isEmpty() ? COMMANDS.keySet() : List.of(name);
    for (String each : wanted) {
      Function<Console, Object> made = COMMANDS.get(each);
      if (made != null) {
        root.addSubcommand(each, made.apply(console));
      }
    }
    CommandLine run = root.getSubcommands().get("run");
    if (run != null) {
      // what follows the image is the command's, its options too
      run.setStopAtPositional(true);
    }
    return root;
  }

  static boolean isCommandOrHelp(String word) {
    return COMMANDS.containsKey(word) || isHelp(word);
  }

  /** A word that can only be a mistyped command: neither an option, nor a path, nor an address. */
  static boolean looksLikeCommand(String word) {
    return word.matches("[a-z][a-z-]*") && !java.nio.file.Files.exists(java.nio.file.Path.of(word));
  }

  static Collection<String> names() {
    return COMMANDS.keySet();
  }

  private static boolean isHelp(String word) {
    return word.equals("-h")
        || word.equals("--help")
        || word.equals("-V")
        || word.equals("--version");
  }

  private static String firstCommand(List<String> line) {
    int first = GlobalOptions.count(line);
    return first < line.size() && COMMANDS.containsKey(line.get(first)) ? line.get(first) : "";
  }
}
