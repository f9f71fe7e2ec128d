package io.jbuild.builder.lint;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The checks that a build makes before its first step. What makes the file invalid is not told
 * here: the build itself will meet it.
 */
public final class BuildChecks {
  private BuildChecks() {}

  /**
   * Warns of every finding for any platform of the request, once and in one line each.
   *
   * @param path where the Buildfile is; empty when it is no file
   * @throws BuildfileException with {@code check=error=true}, for the first finding
   */
  public static void run(
      List<Buildfile> files, BuildRequest request, Optional<Path> path, Consumer<String> warnings)
      throws IOException, UserException, BuildfileException {
    IgnoreRules ignores = CheckInput.ignores(request.context(), path);
    Set<String> told = new HashSet<>();
    List<Platform> platforms = request.platforms();
    for (int i = 0; i < platforms.size(); i++) {
      CheckContext context =
          CheckContext.defaults()
              .withIgnores(ignores)
              .withBuildArgs(request.buildArgs())
              .withTarget(request.target())
              .withPlatform(platforms.get(i))
              .withContexts(request.namedContexts());
      CheckReport report = Linter.check(files.get(i), context);
      report.findings().stream().map(Finding::text).filter(told::add).forEach(warnings);
      if (report.failed() && report.invalid().isEmpty()) {
        throw failure(report.findings().get(0));
      }
    }
  }

  static BuildfileException failure(Finding finding) {
    return new BuildfileException(
        finding.rule() + ": " + finding.message(),
        finding.source(),
        finding.range(),
        Optional.of("check=error=true makes it an error; see " + finding.rule().page()));
  }
}
