package io.jbuild.builder.lint;

import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.builder.source.Warning;
import io.jbuild.oci.text.Printable;

/** Where a rule is not kept, and in what way. */
public record Finding(Rule rule, String message, Source source, SourceRange range) {
  public Finding {
    message = Printable.visible(message);
  }

  public int line() {
    return range.startLine();
  }

  public Warning warning() {
    return new Warning(rule.ruleName(), message, source, range);
  }

  /** One line: {@code Buildfile:3: MaintainerDeprecated: message}. */
  public String text() {
    return source.name() + ":" + line() + ": " + rule + ": " + message;
  }
}
