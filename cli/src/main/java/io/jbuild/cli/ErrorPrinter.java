package io.jbuild.cli;

import io.jbuild.builder.IoMessages;
import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.CommandException;
import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.SpawnException;
import io.jbuild.overlay.NoStorageDriverException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Turns what went wrong into a message for the person who reads it, and into an exit code. */
final class ErrorPrinter implements IExecutionExceptionHandler {
  /** A right, a system call, an option of one, a device, a number of namespaces. */
  private static final Set<Errno> LACKING =
      EnumSet.of(
          Errno.EPERM,
          Errno.EACCES,
          Errno.ENOSYS,
          Errno.EINVAL,
          Errno.ENODEV,
          Errno.ENOSPC,
          Errno.EOPNOTSUPP);

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
      return buildfile.render() + hint(buildfile);
    }
    if (e instanceof StepFailedException step) {
      return step.render();
    }
    if (e instanceof UserException user) {
      return "jbuild: " + user.getMessage() + user.hint().map(hint -> "\n  " + hint).orElse("");
    }
    if (e instanceof IOException world) {
      String hint = hint(world);
      return "jbuild: "
          + UsageErrors.oneLine(IoMessages.of(world))
          + (hint.isEmpty() ? "" : "\n  " + hint);
    }
    return "jbuild: internal error: "
        + e
        + "\n  this is a defect of jbuild; run again with --debug and report what it prints";
  }

  /** A sandbox or a root that could not be set up misses something of the machine's. */
  private static String hint(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if ((each instanceof SpawnException setUp && isMissing(setUp))
          || each instanceof NoStorageDriverException) {
        return "'jbuild doctor' tells what this machine lacks for it";
      }
    }
    return "";
  }

  /** What a hostile image makes fail has other numbers: ENOTDIR, ELOOP. */
  private static boolean isMissing(SpawnException setUp) {
    return !setUp.execFailed() && LACKING.contains(Errno.of(setUp.errno()));
  }

  private static boolean debug(ParseResult line) {
    return line.hasMatchedOption("--debug")
        || (line.hasSubcommand() && debug(line.subcommand()))
        || System.getenv("JBUILD_DEBUG") != null;
  }
}
