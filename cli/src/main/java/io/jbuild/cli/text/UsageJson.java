package io.jbuild.cli.text;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.StepUsage;
import io.jbuild.isolation.cgroup.Pressure;
import java.io.IOException;
import java.util.OptionalLong;

/** What a step has used as a JSON object {@code usage}; times in milliseconds. */
public final class UsageJson {
  private UsageJson() {}

  /** Writes the field; what nothing counted is left out. */
  public static void write(StepUsage usage, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("usage");
    out.writeNumberField("tries", usage.tries());
    out.writeNumberField("cpuMs", usage.cpu().toMillis());
    out.writeNumberField("userMs", usage.user().toMillis());
    out.writeNumberField("systemMs", usage.system().toMillis());
    out.writeNumberField("throttledMs", usage.throttled().toMillis());
    number("peakMemoryBytes", usage.peakMemoryBytes(), out);
    number("readBytes", usage.readBytes(), out);
    number("writtenBytes", usage.writtenBytes(), out);
    number("peakPids", usage.peakPids(), out);
    out.writeNumberField("oomKills", usage.oomKills());
    if (usage.pressure().isPresent()) {
      Pressure pressure = usage.pressure().get();
      out.writeObjectFieldStart("pressure");
      stall("cpu", pressure.cpu(), out);
      stall("memory", pressure.memory(), out);
      stall("io", pressure.io(), out);
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private static void number(String name, OptionalLong value, JsonGenerator out)
      throws IOException {
    if (value.isPresent()) {
      out.writeNumberField(name, value.getAsLong());
    }
  }

  private static void stall(String name, Pressure.Stall stall, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("someMs", stall.some().toMillis());
    out.writeNumberField("fullMs", stall.full().toMillis());
    out.writeEndObject();
  }
}
