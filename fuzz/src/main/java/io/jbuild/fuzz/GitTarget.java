package io.jbuild.fuzz;

import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitReference;
import java.util.Optional;

/** References of git repositories: what is shown of one names the same ref and directory. */
final class GitTarget {
  private GitTarget() {}

  static void check(String text) throws UserException {
    try {
      GitReference.parseContext(text);
    } catch (UserException e) {
      Promise.holds(!String.valueOf(e.getMessage()).isBlank(), "an empty message");
    }
    Optional<GitReference> read;
    try {
      read = GitReference.parse(text);
    } catch (UserException e) {
      Promise.holds(!String.valueOf(e.getMessage()).isBlank(), "an empty message");
      return;
    }
    if (read.isEmpty()) {
      return;
    }
    GitReference reference = read.get();
    String subdir = reference.subdir().toString();
    Promise.holds(!(subdir + "/").contains("/../"), "a path upwards: " + subdir);
    reference
        .ref()
        .ifPresent(
            ref -> {
              Promise.holds(!ref.startsWith("-"), "a ref that is an option: " + ref);
              boolean plain = ref.chars().noneMatch(c -> c <= ' ' || "~^:?*[\\".indexOf(c) >= 0);
              Promise.holds(plain, "a ref that git refuses: " + ref);
            });
  }
}
