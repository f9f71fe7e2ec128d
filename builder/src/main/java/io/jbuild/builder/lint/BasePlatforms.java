package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.parse.Directives.Checks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The check of base images that can only be made when a build has them. */
public final class BasePlatforms {
  private final Lines lines;
  private final Checks checks;
  private final Consumer<String> warnings;

  private BasePlatforms(Lines lines, Checks checks, Consumer<String> warnings) {
    this.lines = lines;
    this.checks = checks;
    this.warnings = warnings;
  }

  /**
   * One for each platform's form of a file, with its options or those of the build's arguments.
   *
   * @param warnings takes one line for each finding
   */
  public static List<BasePlatforms> of(
      List<Buildfile> files, Map<String, String> buildArgs, Consumer<String> warnings)
      throws BuildfileException {
    Set<String> told = ConcurrentHashMap.newKeySet();
    Consumer<String> once =
        warning -> {
          if (told.add(warning)) {
            warnings.accept(warning);
          }
        };
    List<BasePlatforms> all = new ArrayList<>();
    for (Buildfile file : files) {
      all.add(new BasePlatforms(Lines.of(file), Linter.checks(file, buildArgs), once));
    }
    return all;
  }

  /**
   * Tells of a base that is for another platform than the stage: an image without an index has but
   * one, whichever was asked for.
   *
   * @param base its name
   * @throws BuildfileException with {@code check=error=true}
   */
  public void check(Stage stage, String base, Platform found, Platform wanted)
      throws BuildfileException {
    if (isSame(found, wanted)) {
      return;
    }
    Findings findings = new Findings(new Policy(checks, false));
    findings.add(lines.from(stage), Rule.INVALID_BASE_IMAGE_PLATFORM, message(base, found, wanted));
    for (Finding finding : findings.sorted()) {
      warnings.accept(finding.text());
      if (checks.error()) {
        throw BuildChecks.failure(finding);
      }
    }
  }

  static boolean isSame(Platform found, Platform wanted) {
    return found.os().equals(wanted.os()) && found.architecture().equals(wanted.architecture());
  }

  static String message(String base, Platform found, Platform wanted) {
    return "base image " + base + " is for " + found + ", and the build is for " + wanted;
  }
}
