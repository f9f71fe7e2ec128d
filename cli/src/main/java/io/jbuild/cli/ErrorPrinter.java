package io.jbuild.cli;

import io.jbuild.builder.IoMessages;
import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.CommandException;
import io.jbuild.linux.spawn.SpawnException;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Turns what went wrong into a message for the person who reads it, and into an exit code. */
final class ErrorPrinter implements IExecutionExceptionHandler {
  private final PrintStream err;

  ErrorPrinter(PrintStream err) {
    this.err = err;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult line) {
    if (e instanceof TypeConversionException) {
      // an option's value that only the command could judge
      return new UsageErrors(err)
          .handleParseException(
              new ParameterException(command, String.valueOf(e.getMessage()), e), new String[0]);
    }
    if (debug(line)) {
      e.printStackTrace(err);
    }
    if (e instanceof Interrupts.SignalledException signalled) {
      err.println("jbuild: interrupted");
      return signalled.exitCode();
    }
    err.println(message(e));
    return e instanceof CommandException unstarted ? unstarted.code() : ExitCode.FAILED;
  }

  /** What a person is told. */
  static String message(Exception e) {
    if (e instanceof BuildfileException buildfile) {
      return buildfile.render();
    }
    if (e instanceof StepFailedException step) {
      return step.render();
    }
    if (e instanceof UserException user) {
      return "jbuild: " + user.getMessage() + user.hint().map(hint -> "\n  " + hint).orElse("");
    }
    if (e instanceof IOException world) {
      return "jbuild: " + UsageErrors.oneLine(IoMessages.of(world)) + hint(world);
    }
    return "jbuild: internal error: "
        + e
        + "\n  this is a defect of jbuild; run again with --debug and report what it prints";
  }

  /** A sandbox that could not be set up misses something of the machine's. */
  private static String hint(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SpawnException setUp && !setUp.execFailed()) {
        return "\n  'jbuild doctor' tells what this machine lacks for it";
      }
    }
    return "";
  }

  private static boolean debug(ParseResult line) {
    return line.hasMatchedOption("--debug")
        || (line.hasSubcommand() && debug(line.subcommand()))
        || System.getenv("JBUILD_DEBUG") != null;
  }
}
