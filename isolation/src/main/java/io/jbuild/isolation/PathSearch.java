package io.jbuild.isolation;

import java.util.ArrayList;
import java.util.List;

/** Where a program is looked for, by the rules of execvp and with the command's own PATH. */
final class PathSearch {
  private static final String DEFAULT =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String VARIABLE = "PATH=";

  private PathSearch() {}

  static List<String> candidates(Command command) {
    String program = command.argv().get(0);
    if (program.indexOf('/') >= 0 || program.isEmpty()) {
      return List.of(program);
    }
    List<String> paths = new ArrayList<>();
    for (String directory : path(command).split(":", -1)) {
      paths.add((directory.isEmpty() ? "." : directory) + "/" + program);
    }
    return paths;
  }

  static String path(Command command) {
    return command.environment().stream()
        .filter(variable -> variable.startsWith(VARIABLE))
        .map(variable -> variable.substring(VARIABLE.length()))
        .findFirst()
        .orElse(DEFAULT);
  }
}
