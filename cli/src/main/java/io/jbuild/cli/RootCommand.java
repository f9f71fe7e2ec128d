package io.jbuild.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "jbuild",
    sortOptions = false,
    synopsisHeading = "usage: ",
    customSynopsis = {
      "jbuild [-t NAME] [-f BUILDFILE] [OPTIONS] CONTEXT",
      "       jbuild COMMAND [OPTIONS] …"
    },
    description = {
      "",
      "Builds container images from Buildfiles (Dockerfile syntax), runs them, and exchanges them with"
          + " registries. No daemon."
    },
    commandListHeading = "%ncommands:%n",
    optionListHeading = "%noptions:%n",
    footer = {"", "'jbuild COMMAND --help' tells more of a command."})
final class RootCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;
  @Mixin GlobalOptions global = new GlobalOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      description = "Print the version.")
  boolean version;

  @SuppressWarnings("NullAway.Init") // picocli fills the annotated fields
  RootCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (version) {
      console.out().println(Version.line());
      return ExitCode.OK;
    }
    spec.commandLine().usage(console.err());
    return ExitCode.USAGE;
  }
}
