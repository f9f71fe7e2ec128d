package io.jbuild.builder.git;

import java.io.IOException;
import java.util.List;

/** A run of git that failed, with what it said. The message is the last thing of that, one line. */
final class GitFailure extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 300;

  private final String errors;

  GitFailure(String command, int status, String errors) {
    super("git " + command + " failed: " + reason(status, errors));
    this.errors = errors;
  }

  /** Whether git said something. */
  boolean says(String text) {
    return errors.contains(text);
  }

  /** The sentence behind {@code fatal:} or {@code error:}, else the last line. */
  String reason() {
    return reason(1, errors);
  }

  private static String reason(int status, String errors) {
    List<String> lines = errors.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("ssh: ")) {
        return GitMessages.printable(line, LONGEST);
      }
      if (line.startsWith("fatal: ") || line.startsWith("error: ")) {
        // A line that ends so goes on in the next one.
        String more = line.endsWith(":") && i + 1 < lines.size() ? " " + lines.get(i + 1) : "";
        return GitMessages.printable(line.substring("fatal: ".length()) + more, LONGEST);
      }
    }
    String last = lines.isEmpty() ? "status " + status : lines.get(lines.size() - 1);
    return GitMessages.printable(last, LONGEST);
  }
}
