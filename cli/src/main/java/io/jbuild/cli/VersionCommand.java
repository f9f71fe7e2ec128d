package io.jbuild.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Print the version of jbuild, Java and the kernel.")
final class VersionCommand extends CommandBase implements Callable<Integer> {
  VersionCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    console.out().println(Version.line());
    console.out().println("java   " + System.getProperty("java.runtime.version"));
    console
        .out()
        .println(
            "kernel " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
    return ExitCode.OK;
  }
}
