package io.jbuild.builder.context;

import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.Verdict;
import io.jbuild.linux.TreePath;
import java.util.Optional;

/**
 * What the ignore rules say of one path.
 *
 * @param directory whether it is one; false where nothing is there
 * @param verdict {@link Verdict#PASSAGE} for a directory that is ignored, other than something
 *     below
 * @param rule the rule that decides; empty where none matches
 */
public record IgnoreAnswer(
    TreePath path, boolean directory, Verdict verdict, Optional<IgnoreRules.Rule> rule) {
  public boolean isIgnored() {
    return verdict != Verdict.KEPT;
  }
}
