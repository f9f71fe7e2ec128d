package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.isolation.running.NamespaceEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** {@code ns --format json}: an object with an array, and the names of the fields, as lsns has. */
final class NamespacesJson {
  private NamespacesJson() {}

  static void write(List<NamespaceEntry> entries, PrintStream to) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(to)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartObject();
      out.writeArrayFieldStart("namespaces");
      for (NamespaceEntry entry : entries) {
        out.writeStartObject();
        out.writeNumberField("ns", entry.number());
        out.writeStringField("type", entry.kind());
        out.writeNumberField("nprocs", entry.processes());
        out.writeNumberField("pid", entry.pid());
        out.writeStringField("user", entry.user());
        out.writeStringField("command", entry.command());
        if (entry.owner().isPresent()) {
          out.writeNumberField("ons", entry.owner().getAsLong());
        }
        if (entry.parent().isPresent()) {
          out.writeNumberField("pns", entry.parent().getAsLong());
        }
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    to.println();
  }
}
