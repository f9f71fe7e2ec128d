package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.isolation.ladder.Standing;
import java.io.IOException;

/** The rung of the ladder that a process stands on, as a field of a report. */
final class StandingJson {
  private StandingJson() {}

  static void write(Standing standing, JsonGenerator out, String field) throws IOException {
    out.writeObjectFieldStart(field);
    fields(standing, out);
    out.writeEndObject();
  }

  private static void fields(Standing standing, JsonGenerator out) throws IOException {
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
  }
}
