package io.jbuild.builder.context;

import io.jbuild.builder.UserException;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the ignore file of a context. The first that exists holds alone: {@code
 * BUILDFILE.dockerignore} beside the Buildfile, then {@code .buildignore}, {@code .dockerignore},
 * {@code .containerignore} in the context.
 */
public final class IgnoreFiles {
  private static final List<String> NAMES =
      List.of(".buildignore", ".dockerignore", ".containerignore");

  private IgnoreFiles() {}

  private record Candidate(Path directory, String name) {
    boolean isThere() {
      return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }
  }

  /**
   * The rules for a directory.
   *
   * @param buildfile the Buildfile's path for the main context; empty for the others, and where the
   *     Buildfile is not a file
   */
  public static IgnoreRules find(Path context, Optional<Path> buildfile)
      throws IOException, UserException, BuildfileException {
    return choose(context, buildfile).rules();
  }

  /** As {@link #find}, and why those rules. */
  public static IgnoreChoice choose(Path context, Optional<Path> buildfile)
      throws IOException, UserException, BuildfileException {
    List<Candidate> candidates = candidates(context, buildfile);
    List<String> absent = new ArrayList<>();
    for (Candidate each : candidates) {
      Optional<byte[]> text = ContextFiles.read(each.directory(), each.name());
      if (text.isPresent()) {
        List<String> silent =
            candidates.subList(absent.size() + 1, candidates.size()).stream()
                .filter(Candidate::isThere)
                .map(Candidate::name)
                .toList();
        IgnoreRules rules = IgnoreRules.parse(text.get(), each.name());
        return new IgnoreChoice(Optional.of(each.name()), absent, silent, rules);
      }
      absent.add(each.name());
    }
    return new IgnoreChoice(Optional.empty(), absent, List.of(), IgnoreRules.NONE);
  }

  private static List<Candidate> candidates(Path context, Optional<Path> buildfile) {
    List<Candidate> candidates = new ArrayList<>();
    if (buildfile.isPresent()) {
      Path file = buildfile.get().toAbsolutePath();
      Path directory = file.getParent();
      if (directory != null) {
        candidates.add(new Candidate(directory, file.getFileName() + ".dockerignore"));
      }
    }
    NAMES.forEach(name -> candidates.add(new Candidate(context, name)));
    return candidates;
  }
}
