package io.jbuild.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** The program: finds the command, runs it, turns its outcome into an exit code. */
public final class Main {
  /** The command that a command line without one means: {@code jbuild -f Buildfile .} */
  private static final String DEFAULT_COMMAND = "build";

  private Main() {}

  public static void main(String[] args) {
    // Names are bytes in UTF-8 whatever the locale says.
    PrintStream out = stream(System.out);
    PrintStream err = stream(System.err);
    int code = run(Arrays.asList(args), out, err);
    out.flush();
    err.flush();
    if (out.checkError() && code == ExitCode.OK) {
      code = ExitCode.FAILED;
    }
    // Not exit(): whatever must be finished has been, and shutdown hooks would only cost time.
    Runtime.getRuntime().halt(code);
  }

  /** Runs one command line and returns its exit code. */
  static int run(List<String> args, PrintStream out, PrintStream err) {
    List<String> line = withCommand(args);
    CommandLine commandLine = CommandTable.commandLine(line, new Console(out, err));
    commandLine.setOut(out(out)).setErr(out(err));
    commandLine.setExecutionExceptionHandler(new ErrorPrinter(err));
    commandLine.setParameterExceptionHandler(new UsageErrors(err));
    commandLine.setExpandAtFiles(false);
    commandLine.setUnmatchedOptionsAllowedAsOptionParameters(false);
    return commandLine.execute(line.toArray(String[]::new));
  }

  /**
   * Puts {@code build} in front of the first word that is neither a global option nor a command.
   */
  static List<String> withCommand(List<String> args) {
    int first = GlobalOptions.count(args);
    if (first < args.size() && args.get(first).equals("help")) {
      // 'jbuild help run' is 'jbuild run --help'
      List<String> line = new ArrayList<>(args.subList(0, first));
      args.stream().skip(first + 1L).limit(1).forEach(line::add);
      line.add("--help");
      return line;
    }
    if (first >= args.size() || CommandTable.isCommandOrHelp(args.get(first))) {
      return args;
    }
    if (CommandTable.looksLikeCommand(args.get(first))) {
      return args;
    }
    List<String> line = new ArrayList<>(args.subList(0, first));
    line.add(DEFAULT_COMMAND);
    line.addAll(args.subList(first, args.size()));
    return line;
  }

  private static PrintStream stream(PrintStream stream) {
    return new PrintStream(stream, false, StandardCharsets.UTF_8);
  }

  private static java.io.PrintWriter out(PrintStream stream) {
    return new java.io.PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
