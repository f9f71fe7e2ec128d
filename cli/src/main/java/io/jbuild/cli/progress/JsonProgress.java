package io.jbuild.cli.progress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.StepInfo;
import io.jbuild.builder.StepUsage;
import io.jbuild.builder.TransferProgress;
import io.jbuild.cli.text.Text;
import io.jbuild.cli.text.UsageJson;
import io.jbuild.isolation.ladder.Standing;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One JSON object per event and line; times in milliseconds. */
final class JsonProgress implements ProgressMode.ProgressDisplay {
  private final PrintStream err;
  private final JsonFactory json = new JsonFactory();
  private final Map<Integer, StepUsage> used = new ConcurrentHashMap<>();

  JsonProgress(PrintStream err) {
    this.err = err;
  }

  private interface Fields {
    void write(JsonGenerator to) throws IOException;
  }

  @Override
  public void standing(Standing standing) {
    event(
        "standing",
        out -> {
          out.writeStringField("rung", standing.rung().id());
          out.writeStringField("user", standing.user());
          out.writeNumberField("ids", standing.ids());
          if (standing.limits().isPresent()) {
            out.writeStringField("limits", standing.limits().get());
          }
          if (standing.storage().isPresent()) {
            out.writeStringField("storage", standing.storage().get());
          }
          if (standing.network().isPresent()) {
            out.writeStringField("network", standing.network().get());
          }
        });
  }

  @Override
  public void planned(int steps) {
    event("planned", out -> out.writeNumberField("steps", steps));
  }

  @Override
  public void stepStarted(StepInfo step) {
    stepEvent("started", step, out -> {});
  }

  @Override
  public void stepOutput(StepInfo step, boolean standardError, byte[] line) {
    event(
        "output",
        out -> {
          out.writeNumberField("step", step.id());
          out.writeStringField("stream", standardError ? "stderr" : "stdout");
          out.writeStringField("line", Text.printable(line));
        });
  }

  @Override
  public void stepCached(StepInfo step) {
    stepEvent("cached", step, out -> {});
  }

  @Override
  public void stepUsed(StepInfo step, StepUsage usage) {
    used.put(step.id(), usage);
  }

  @Override
  public void stepFinished(StepInfo step, Duration took) {
    event("finished", out -> ended(out, step, took));
  }

  @Override
  public void stepFailed(StepInfo step, Duration took, String message) {
    event(
        "failed",
        out -> {
          ended(out, step, took);
          out.writeStringField("message", message);
        });
  }

  @Override
  public void stepCancelled(StepInfo step) {
    event("cancelled", out -> out.writeNumberField("step", step.id()));
  }

  @Override
  public void warning(String message) {
    event("warning", out -> out.writeStringField("message", message));
  }

  @Override
  public void exporting(String what) {
    event("exporting", out -> out.writeStringField("what", what));
  }

  @Override
  public void transfer(TransferProgress progress) {
    event(
        "transfer",
        out -> {
          out.writeStringField("action", progress.action());
          out.writeStringField("subject", progress.subject());
          out.writeNumberField("done", progress.doneBytes());
          out.writeNumberField("total", progress.totalBytes());
          out.writeBooleanField("finished", progress.finished());
        });
  }

  @Override
  public synchronized void close() {
    err.flush();
  }

  private void stepEvent(String name, StepInfo step, Fields more) {
    event(
        name,
        out -> {
          out.writeNumberField("step", step.id());
          out.writeStringField("stage", step.stage());
          if (step.platform().isPresent()) {
            out.writeStringField("platform", step.platform().get());
          }
          out.writeNumberField("number", step.number());
          out.writeNumberField("total", step.total());
          out.writeStringField("title", step.title());
          if (step.line().isPresent()) {
            out.writeNumberField("line", step.line().get());
          }
          more.write(out);
        });
  }

  private void ended(JsonGenerator out, StepInfo step, Duration took) throws IOException {
    out.writeNumberField("step", step.id());
    out.writeNumberField("ms", took.toMillis());
    StepUsage usage = used.remove(step.id());
    if (usage != null) {
      UsageJson.write(usage, out);
    }
  }

  private synchronized void event(String name, Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = json.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("event", name);
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string refused JSON", e);
    }
    err.println(text);
  }
}
