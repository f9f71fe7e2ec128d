package io.jbuild.cli;

import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A wrong command line gets three lines, not a page. */
final class UsageErrors implements IParameterExceptionHandler {
  private final PrintStream err;

  UsageErrors(PrintStream err) {
    this.err = err;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + oneLine(message(e)));
    suggestions(e).forEach(line -> err.println("  did you mean " + line + "?"));
    err.println("'" + name + " --help' lists what there is.");
    return ExitCode.USAGE;
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException surplus) {
      List<String> unmatched = surplus.getUnmatched();
      if (unmatched.isEmpty()) {
        return missingValue(String.valueOf(surplus.getMessage()));
      }
      String word = unmatched.get(0);
      boolean root = e.getCommandLine().getParent() == null;
      if (word.startsWith("-")) {
        return "unknown option '" + word + "'";
      }
      return root ? "unknown command '" + word + "'" : "unexpected argument '" + word + "'";
    }
    return String.valueOf(e.getMessage());
  }

  /**
   * A word that looks like an option where a value should be: picocli names it in the message only,
   * {@code Unknown option: '-5s'; Expected parameter for option '--step-timeout' but found '-5s'}.
   */
  private static String missingValue(String message) {
    int second = message.indexOf("; ");
    return second < 0 ? message : message.substring(second + 2);
  }

  private static List<String> suggestions(ParameterException e) {
    if (e instanceof UnmatchedArgumentException surplus) {
      List<String> found = surplus.getSuggestions();
      return found.isEmpty() ? List.of() : List.of("'" + found.get(0).strip() + "'");
    }
    return List.of();
  }

  static String oneLine(String text) {
    return text.replaceAll("[\\r\\n]+", " ").strip();
  }
}
