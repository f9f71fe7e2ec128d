package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.isolation.ladder.Examination;
import io.jbuild.isolation.ladder.Finding;
import java.io.IOException;
import java.io.PrintStream;

/** {@code doctor --format json}: the rung, and an array of findings. */
final class DoctorJson {
  private DoctorJson() {}

  static void write(Examination found, PrintStream to) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(to)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartObject();
      out.writeStringField("rung", found.rung().id());
      if (found.reason().isPresent()) {
        out.writeStringField("reason", found.reason().get());
      }
      if (found.mend().isPresent()) {
        out.writeStringField("mend", found.mend().get());
      }
      out.writeBooleanField("builds", found.buildsWork());
      out.writeArrayFieldStart("findings");
      for (Finding finding : found.findings()) {
        write(finding, out);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    to.println();
  }

  private static void write(Finding finding, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("topic", finding.topic().toString());
    out.writeStringField("what", finding.what());
    out.writeStringField("state", finding.state().toString());
    out.writeStringField("found", finding.found());
    out.writeStringField("why", finding.why());
    if (finding.mend().isPresent()) {
      out.writeStringField("mend", finding.mend().get());
    }
    out.writeEndObject();
  }
}
