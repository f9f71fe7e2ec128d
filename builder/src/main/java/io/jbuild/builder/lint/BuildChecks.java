package io.jbuild.builder.lint;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
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
      Buildfile file, BuildRequest request, Optional<Path> path, Consumer<String> warnings)
      throws IOException, UserException, BuildfileException {
    IgnoreRules ignores = CheckInput.ignores(request.context(), path);
    Set<Finding> told = new HashSet<>();
    for (Platform platform : request.platforms()) {
      CheckContext context =
          CheckContext.defaults()
              .withIgnores(ignores)
              .withBuildArgs(request.buildArgs())
              .withTarget(request.target())
              .withPlatform(platform)
              .withContexts(request.namedContexts());
      CheckReport report = Linter.check(file, context);
      report.findings().stream()
          .filter(told::add)
          .forEach(finding -> warnings.accept(finding.text(file.source())));
      if (report.failed() && report.invalid().isEmpty()) {
        throw failure(file.source(), report.findings().get(0));
      }
    }
  }

  private static BuildfileException failure(Source source, Finding finding) {
    return new BuildfileException(
        finding.rule() + ": " + finding.message(),
        source,
        finding.range(),
        Optional.of("check=error=true makes it an error; see " + finding.rule().page()));
  }
}
