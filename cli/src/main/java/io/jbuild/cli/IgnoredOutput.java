package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.context.IgnoreAnswer;
import io.jbuild.builder.context.IgnoreChoice;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.Verdict;
import io.jbuild.cli.text.Text;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** Writes answers as they come: a context may hold a million paths. */
abstract class IgnoredOutput implements Closeable {
  private boolean anyIgnored;

  static IgnoredOutput of(boolean json, IgnoreChoice choice, PrintStream to) throws IOException {
    String file = choice.file().orElse("");
    return json ? new Json(choice, file, to) : new Lines(file, to);
  }

  /**
   * Writes one.
   *
   * @param name as the path is shown
   */
  final void add(IgnoreAnswer answer, String name) {
    anyIgnored |= answer.isIgnored();
    try {
      write(answer, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final boolean anyIgnored() {
    return anyIgnored;
  }

  abstract void write(IgnoreAnswer answer, String name) throws IOException;

  private static final class Lines extends IgnoredOutput {
    private final String file;
    private final PrintStream out;

    Lines(String file, PrintStream out) {
      this.file = file;
      this.out = out;
    }

    @Override
    void write(IgnoreAnswer answer, String name) {
      String rule =
          answer.rule().map(r -> file + ":" + r.line() + ": " + r.text()).orElse("no rule");
      String passage = answer.verdict() == Verdict.PASSAGE ? " (something below is kept)" : "";
      out.println(
          (answer.isIgnored() ? "ignored\t" : "kept\t")
              + Text.printable(name)
              + "\t"
              + Text.printable(rule)
              + passage);
    }

    @Override
    public void close() {
      out.flush();
    }
  }

  private static final class Json extends IgnoredOutput {
    private final String file;
    private final PrintStream to;
    private final JsonGenerator out;

    Json(IgnoreChoice choice, String file, PrintStream to) throws IOException {
      this.file = file;
      this.to = to;
      this.out =
          new JsonFactory()
              .createGenerator(to)
              .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
              .useDefaultPrettyPrinter();
      out.writeStartObject();
      if (choice.file().isPresent()) {
        out.writeStringField("ignoreFile", file);
      }
      names("absent", choice.absent());
      names("withoutSay", choice.silent());
      out.writeArrayFieldStart("paths");
    }

    private void names(String field, Iterable<String> names) throws IOException {
      out.writeArrayFieldStart(field);
      for (String name : names) {
        out.writeString(name);
      }
      out.writeEndArray();
    }

    @Override
    void write(IgnoreAnswer answer, String name) throws IOException {
      out.writeStartObject();
      out.writeStringField("path", name);
      out.writeBooleanField("ignored", answer.isIgnored());
      if (answer.verdict() == Verdict.PASSAGE) {
        out.writeBooleanField("keepsSomethingBelow", true);
      }
      if (answer.rule().isPresent()) {
        IgnoreRules.Rule rule = answer.rule().get();
        out.writeObjectFieldStart("rule");
        out.writeStringField("file", file);
        out.writeNumberField("line", rule.line());
        out.writeStringField("pattern", rule.text());
        out.writeEndObject();
      }
      out.writeEndObject();
    }

    @Override
    public void close() throws IOException {
      out.writeEndArray();
      out.writeEndObject();
      out.close();
      to.println();
      to.flush();
    }
  }
}
