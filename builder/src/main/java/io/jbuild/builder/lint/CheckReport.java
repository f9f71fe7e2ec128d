package io.jbuild.builder.lint;

import io.jbuild.builder.lint.Rule.Kind;
import io.jbuild.builder.source.BuildfileException;
import java.util.List;
import java.util.Optional;

/**
 * What the checks of one file found, in the order of the file.
 *
 * @param strict whether the file, or who asked, wants a build with findings to fail: {@code
 *     error=true}
 * @param invalid what makes the file invalid; the findings are then those that were made before
 */
public record CheckReport(
    List<Finding> findings, boolean strict, Optional<BuildfileException> invalid) {
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /** Whether a build of this file has to fail. Hints about cost never make it fail. */
  public boolean failed() {
    boolean found = findings.stream().anyMatch(f -> f.rule().kind() != Kind.COST);
    return invalid.isPresent() || (strict && found);
  }
}
