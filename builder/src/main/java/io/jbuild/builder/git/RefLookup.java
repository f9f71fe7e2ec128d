package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks a server what a ref names. */
final class RefLookup {
  private static final String PEELED = "^{}";

  private final GitProgram program;

  RefLookup(GitProgram program) {
    this.program = program;
  }

  /** The revision of a reference's ref, or of the server's HEAD. */
  GitRevision find(GitReference reference, Optional<String> authorization, Optional<Path> agent)
      throws IOException, UserException, InterruptedException {
    String ref = reference.shownRef();
    List<String> arguments = new ArrayList<>(List.of("--symref", "--"));
    arguments.addAll(List.of(reference.remote().url(), ref, ref + PEELED));
    String listing =
        program
            .run("ls-remote", arguments.toArray(String[]::new))
            .authorized(authorization, agent)
            .text();
    Map<String, String> ids = new HashMap<>();
    Optional<String> head = Optional.empty();
    for (String line : listing.split("\n", -1)) {
      int tab = line.indexOf('\t');
      String value = tab < 0 ? "" : line.substring(0, tab);
      String name = line.substring(tab + 1);
      if (value.startsWith("ref: ") && name.equals("HEAD")) {
        head = Optional.of(value.substring("ref: ".length())).filter(RefName::isValid);
      } else if (RefName.isCommit(value)) {
        ids.put(name, value);
      }
    }
    return choose(reference, ids, head);
  }

  /** As git-checkout: a branch is preferred to a tag of the same name. */
  private static GitRevision choose(
      GitReference reference, Map<String, String> ids, Optional<String> head) throws UserException {
    String ref = reference.shownRef();
    List<String> names =
        ref.equals("HEAD")
            ? List.of("HEAD")
            : List.of(
                "refs/" + ref.replaceFirst("^refs/", ""), "refs/heads/" + ref, "refs/tags/" + ref);
    for (String name : names) {
      String object = ids.get(name);
      if (object != null) {
        Optional<String> known = name.equals("HEAD") ? head : Optional.of(name);
        return new GitRevision(object, ids.getOrDefault(name + PEELED, object), known);
      }
    }
    throw new UserException(
        "cannot fetch " + reference + ": the repository has no branch or tag \"" + ref + "\"",
        ref.matches("[0-9a-f]{4,63}")
            ? "to name a commit, give all digits of its id"
            : "see git ls-remote " + reference.remote());
  }
}
