package io.jbuild.builder.lint;

import io.jbuild.builder.parse.Directives.Checks;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects findings, without those that are not wanted. */
final class Findings {
  private final Policy policy;
  private final List<Finding> all = new ArrayList<>();

  Findings(Policy policy) {
    this.policy = policy;
  }

  void add(Line line, Rule rule, String message) {
    add(line.instruction().origin().source(), line.range(), line.checks(), rule, message);
  }

  void add(Source source, SourceRange range, Checks own, Rule rule, String message) {
    if (policy.wants(rule, own)) {
      all.add(new Finding(rule, message, source, range));
    }
  }

  /** In the order of the file; of one line in the order they were made. */
  List<Finding> sorted() {
    return all.stream().sorted(Comparator.comparingInt(Finding::line)).toList();
  }
}
