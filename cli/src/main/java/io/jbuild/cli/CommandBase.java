package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.engine.Engines;
import io.jbuild.cli.text.Text;
import java.io.IOException;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What all commands share. */
@Command(
    sortOptions = false,
    synopsisHeading = "usage: ",
    optionListHeading = "%noptions:%n",
    parameterListHeading = "%n",
    usageHelpAutoWidth = true)
abstract class CommandBase {
  final Console console;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls the command
  @ParentCommand
  private RootCommand root;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  boolean help;

  CommandBase(Console console) {
    this.console = console;
  }

  final GlobalOptions global() {
    return root.global;
  }

  /** Opens the store for a command that shows no progress. */
  final Engine open(EngineSettings settings) throws IOException {
    return open(settings, warning -> console.err().println("warning: " + Text.printable(warning)));
  }

  final Engine open(EngineSettings settings, Consumer<String> warnings) throws IOException {
    return Engines.open(settings, console.out(), warnings);
  }
}
