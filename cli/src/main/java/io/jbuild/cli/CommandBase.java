package io.jbuild.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands share. */
@Command(
    sortOptions = false,
    synopsisHeading = "usage: ",
    optionListHeading = "%noptions:%n",
    parameterListHeading = "%n",
    usageHelpAutoWidth = true)
abstract class CommandBase {
  final Console console;

  @Mixin GlobalOptions global = new GlobalOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  boolean help;

  CommandBase(Console console) {
    this.console = console;
  }
}
