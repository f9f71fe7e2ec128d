package io.jbuild.isolation;

import io.jbuild.linux.TreePath;
import java.util.List;

/**
 * What to execute. A first argument without a slash is looked up in the {@code PATH} of the
 * environment given here, inside the sandbox's root.
 *
 * @param environment {@code NAME=value} each; the command gets these and nothing else
 * @param directory has to exist in the root
 */
public record Command(List<String> argv, List<String> environment, TreePath directory, User user) {
  public Command {
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command without a program");
    }
    argv.forEach(Command::requireNoNul);
    environment.forEach(Command::requireNoNul);
    for (String variable : environment) {
      if (variable.indexOf('=') <= 0) {
        throw new IllegalArgumentException("not NAME=value: \"" + variable + "\"");
      }
    }
  }

  /** As root, in {@code /}. */
  public static Command of(List<String> argv, List<String> environment) {
    return new Command(argv, environment, TreePath.ROOT, User.ROOT);
  }

  public Command withDirectory(TreePath newDirectory) {
    return new Command(argv, environment, newDirectory, user);
  }

  public Command withUser(User newUser) {
    return new Command(argv, environment, directory, newUser);
  }

  private static void requireNoNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in an argument or variable");
    }
  }
}
