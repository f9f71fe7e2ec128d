package io.jbuild.builder.git;

import java.io.IOException;

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
    String last = "status " + status;
    for (String line : errors.split("\\R", -1)) {
      String text = line.strip();
      if (text.startsWith("fatal: ") || text.startsWith("error: ")) {
        return GitMessages.printable(text.substring("fatal: ".length()), LONGEST);
      }
      last = text.isEmpty() ? last : text;
    }
    return GitMessages.printable(last, LONGEST);
  }
}
