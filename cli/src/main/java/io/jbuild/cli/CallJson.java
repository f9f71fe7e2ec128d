package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Finding;
import io.jbuild.builder.outline.Outline;
import io.jbuild.builder.outline.Target;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Answers of {@code build --call=…,format=json}, in the shapes of BuildKit's frontend: empty fields
 * are left out, files are in base64, lines count from 1.
 */
final class CallJson {
  private final JsonGenerator out;

  private CallJson(JsonGenerator out) {
    this.out = out;
  }

  @FunctionalInterface
  private interface Content {
    void write(CallJson json) throws IOException;
  }

  static void check(CheckReport report, Source source, PrintStream to) throws IOException {
    object(to, json -> json.report(report, source));
  }

  static void targets(List<Target> targets, Source source, PrintStream to) throws IOException {
    object(to, json -> json.list(targets, source));
  }

  static void outline(Outline outline, Source source, PrintStream to) throws IOException {
    object(to, json -> json.content(outline, source));
  }

  private static void object(PrintStream to, Content content) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(to)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartObject();
      content.write(new CallJson(out));
      out.writeEndObject();
    }
    to.println();
  }

  private void report(CheckReport report, Source source) throws IOException {
    out.writeArrayFieldStart("warnings");
    for (Finding finding : report.findings()) {
      out.writeStartObject();
      out.writeStringField("ruleName", finding.rule().ruleName());
      out.writeStringField("description", finding.rule().summary());
      out.writeStringField("url", finding.rule().page());
      out.writeStringField("detail", finding.message());
      location(finding.range());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("sources");
    out.writeStartObject();
    out.writeStringField("filename", source.name());
    out.writeStringField("language", "Dockerfile");
    out.writeBinaryField("data", bytes(source));
    out.writeEndObject();
    out.writeEndArray();
    if (report.invalid().isPresent()) {
      BuildfileException error = report.invalid().get();
      out.writeObjectFieldStart("buildError");
      out.writeStringField("message", error.problem());
      location(error.range());
      out.writeEndObject();
    }
  }

  private void list(List<Target> targets, Source source) throws IOException {
    out.writeArrayFieldStart("targets");
    for (Target target : targets) {
      out.writeStartObject();
      text("name", target.name());
      flag("default", target.isDefault());
      text("description", target.description());
      out.writeStringField("base", target.base());
      text("platform", target.platform());
      location(target.range());
      out.writeEndObject();
    }
    out.writeEndArray();
    sources(source);
  }

  private void content(Outline outline, Source source) throws IOException {
    text("name", outline.name());
    text("description", outline.description());
    array("args", outline.arguments(), CallJson::argument);
    array("secrets", outline.secrets(), (json, s) -> json.need(s.id(), s.required(), s.range()));
    array("ssh", outline.ssh(), (json, s) -> json.need(s.id(), s.required(), s.range()));
    array("cache", outline.caches(), CallJson::cache);
    sources(source);
  }

  @FunctionalInterface
  private interface Item<T> {
    void write(CallJson json, T item) throws IOException;
  }

  private <T> void array(String name, List<T> items, Item<T> writer) throws IOException {
    if (items.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart(name);
    for (T item : items) {
      out.writeStartObject();
      writer.write(this, item);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void argument(Outline.Argument argument) throws IOException {
    out.writeStringField("name", argument.name());
    text("description", argument.description());
    text("value", argument.value());
    location(argument.range());
  }

  private void need(String id, boolean required, SourceRange range) throws IOException {
    out.writeStringField("name", id);
    flag("required", required);
    location(range);
  }

  private void cache(Outline.Cache cache) throws IOException {
    out.writeStringField("ID", cache.id());
    location(cache.range());
  }

  private void sources(Source source) throws IOException {
    out.writeArrayFieldStart("sources");
    out.writeBinary(bytes(source));
    out.writeEndArray();
  }

  private void text(String name, Optional<String> value) throws IOException {
    if (value.filter(text -> !text.isEmpty()).isPresent()) {
      out.writeStringField(name, value.get());
    }
  }

  private void flag(String name, boolean value) throws IOException {
    if (value) {
      out.writeBooleanField(name, true);
    }
  }

  private void location(SourceRange range) throws IOException {
    out.writeObjectFieldStart("location");
    out.writeArrayFieldStart("ranges");
    out.writeStartObject();
    position("start", range.startLine());
    position("end", range.endLine());
    out.writeEndObject();
    out.writeEndArray();
    out.writeEndObject();
  }

  private void position(String name, int line) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("line", line);
    out.writeEndObject();
  }

  private static byte[] bytes(Source source) {
    StringBuilder text = new StringBuilder();
    for (int line = 1; line <= source.lineCount(); line++) {
      text.append(source.rawLine(line));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
