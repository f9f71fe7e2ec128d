package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.CopySource;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.linux.TreePath;
import java.util.List;
import java.util.Set;

/** Sources of COPY and ADD that the ignore file hides. */
final class IgnoredSources {
  private static final Set<String> EVERYTHING = Set.of("*", "**", "**/*");

  private final IgnoreRules rules;
  private final Findings findings;

  IgnoredSources(IgnoreRules rules, Findings findings) {
    this.rules = rules;
    this.findings = findings;
  }

  private static boolean hidesAll(IgnoreRules.Rule rule) {
    return EVERYTHING.contains(rule.text().replaceAll("^/+|/+$", ""));
  }

  /** With a rule that includes again, a hidden directory may hold what is not hidden: silence. */
  void check(Line line, List<CopySource> sources) {
    if (rules.rules().stream().anyMatch(IgnoreRules.Rule::include)) {
      return;
    }
    for (CopySource source : sources) {
      if (source instanceof CopySource.Path path && !path.isRemote() && hides(path.path())) {
        findings.add(
            line,
            Rule.COPY_IGNORED_FILE,
            "\"" + path.path() + "\" is hidden from " + line.written() + " by the ignore file");
      }
    }
  }

  private boolean hides(String path) {
    TreePath clean = TreePath.parse(path);
    if (clean.isRoot()) {
      return rules.rules().stream().anyMatch(IgnoredSources::hidesAll);
    }
    return rules.excluded(clean.toString().substring(1));
  }
}
