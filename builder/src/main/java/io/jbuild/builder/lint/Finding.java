package io.jbuild.builder.lint;

import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.builder.source.Warning;

/** Where a rule is not kept, and in what way. */
public record Finding(Rule rule, String message, SourceRange range) {

  public int line() {
    return range.startLine();
  }

  public Warning warning() {
    return new Warning(rule.ruleName(), message, range);
  }

  /** One line: {@code Buildfile:3: MaintainerDeprecated: message}. */
  public String text(Source source) {
    return source.name() + ":" + line() + ": " + rule + ": " + message;
  }
}
