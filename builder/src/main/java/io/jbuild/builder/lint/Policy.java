package io.jbuild.builder.lint;

import io.jbuild.builder.lint.Rule.Kind;
import io.jbuild.builder.parse.Directives.Checks;
import java.util.Set;

/**
 * Which findings are wanted.
 *
 * @param file what holds for the whole file
 * @param cost whether hints about cost are wanted
 */
record Policy(Checks file, boolean cost) {

  /**
   * Whether a finding at an instruction is wanted.
   *
   * @param own what holds for the instruction alone
   */
  boolean wants(Rule rule, Checks own) {
    if (own.skips(rule.ruleName()) || names(file.skip(), rule)) {
      return false;
    }
    if (rule.kind() == Kind.EXPERIMENTAL) {
      // In the same file, skip=all leaves an experimental check that was asked for by name.
      return asksFor(file.experimental(), rule) || asksFor(own.experimental(), rule);
    }
    return !file.skips(rule.ruleName()) && (cost || rule.kind() != Kind.COST);
  }

  private static boolean asksFor(Set<String> names, Rule rule) {
    return names.contains("all") || names(names, rule);
  }

  private static boolean names(Set<String> names, Rule rule) {
    return names.stream().anyMatch(rule.ruleName()::equalsIgnoreCase);
  }
}
