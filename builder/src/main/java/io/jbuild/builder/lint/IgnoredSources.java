package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.CopySource;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.PathPattern;
import io.jbuild.linux.Name;
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

  void check(Line line, List<CopySource> sources) {
    for (CopySource source : sources) {
      if (source instanceof CopySource.Path path && !path.isRemote() && hides(path.path())) {
        findings.add(
            line,
            Rule.COPY_IGNORED_FILE,
            "\"" + path.path() + "\" is hidden from " + line.written() + " by the ignore file");
      }
    }
  }

  /** What a rule with {@code !} may include again is not hidden, nor is what has it in it. */
  private boolean hides(String path) {
    TreePath clean = TreePath.parse(path);
    boolean again = rules.rules().stream().anyMatch(IgnoreRules.Rule::include);
    if (clean.isRoot()) {
      return !again && rules.rules().stream().anyMatch(IgnoredSources::hidesAll);
    }
    return rules.excluded(relative(clean))
        && !(again && rules.mayContainIncluded(relative(plain(clean))));
  }

  /** The path up to the first name with a wildcard. */
  private static TreePath plain(TreePath path) {
    List<Name> names =
        path.names().stream()
            .takeWhile(name -> !PathPattern.hasWildcards(name.toString()))
            .toList();
    return TreePath.of(names);
  }

  private static String relative(TreePath path) {
    return path.toString().substring(1);
  }
}
