package io.jbuild.isolation.ladder;

import java.util.List;
import java.util.Optional;

/**
 * All that was found.
 *
 * @param rung the best that can be had here
 * @param reason why not a better one; empty on the best
 * @param mend the command that leads to the next better one
 * @param buildsWork whether a RUN step can be run at all
 */
public record Examination(
    Rung rung,
    Optional<String> reason,
    Optional<String> mend,
    boolean buildsWork,
    List<Finding> findings) {
  public Examination {
    findings = List.copyOf(findings);
  }
}
