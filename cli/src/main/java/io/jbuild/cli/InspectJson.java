package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jbuild.builder.BuildResult;
import io.jbuild.builder.InspectedImage;
import io.jbuild.oci.Reference;
import java.io.IOException;
import java.io.PrintStream;

/** {@code inspect}: ID, names, layers, and the configuration with every field that it has. */
final class InspectJson {
  private InspectJson() {}

  static void write(InspectedImage image, PrintStream to) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    try (JsonGenerator out =
        mapper
            .getFactory()
            .createGenerator(to)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartObject();
      out.writeStringField("id", image.id().toString());
      out.writeArrayFieldStart("names");
      for (Reference name : image.names()) {
        out.writeString(name.toString());
      }
      out.writeEndArray();
      out.writeArrayFieldStart("platforms");
      for (BuildResult.PlatformImage each : image.platforms()) {
        out.writeStartObject();
        out.writeStringField("platform", each.platform().toString());
        out.writeStringField("id", each.id().toString());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeArrayFieldStart("layers");
      for (InspectedImage.Layer layer : image.layers()) {
        out.writeStartObject();
        out.writeStringField("diffId", layer.diffId().toString());
        out.writeNumberField("bytes", layer.bytes());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeFieldName("config");
      out.writeTree(mapper.readTree(image.configBytes()));
      out.writeEndObject();
    }
    to.println();
  }
}
