package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.lint.Finding;
import io.jbuild.builder.lint.Rule;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code check --format json}: an array of objects. */
final class FindingsJson {
  private FindingsJson() {}

  /** {@code check --list-rules --format json}: an array of objects. */
  static void writeRules(PrintStream to) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(to)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartArray();
      for (Rule rule : Rule.values()) {
        out.writeStartObject();
        out.writeStringField("rule", rule.ruleName());
        out.writeStringField("kind", rule.kind().name().toLowerCase(Locale.ROOT));
        out.writeStringField("summary", rule.summary());
        out.writeStringField("page", rule.page());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    to.println();
  }

  static void write(List<Finding> findings, PrintStream to) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(to)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartArray();
      for (Finding finding : findings) {
        out.writeStartObject();
        out.writeStringField("rule", finding.rule().ruleName());
        out.writeStringField("file", finding.source().name());
        out.writeNumberField("line", finding.line());
        out.writeNumberField("endLine", finding.range().endLine());
        out.writeStringField("kind", finding.rule().kind().name().toLowerCase(Locale.ROOT));
        out.writeStringField("message", finding.message());
        out.writeStringField("page", finding.rule().page());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    to.println();
  }
}
