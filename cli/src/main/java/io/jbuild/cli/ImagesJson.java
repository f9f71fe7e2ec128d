package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.ImageSummary;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** {@code images --format json}: an array of objects. */
final class ImagesJson {
  private ImagesJson() {}

  static void write(List<ImageSummary> images, PrintStream to) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(to)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartArray();
      for (ImageSummary image : images) {
        out.writeStartObject();
        out.writeStringField("name", image.name().toString());
        out.writeStringField("id", image.id().toString());
        out.writeStringField("platform", image.platform().toString());
        if (image.created().isPresent()) {
          out.writeStringField("created", image.created().get().toString());
        }
        out.writeNumberField("layers", image.layers());
        out.writeNumberField("bytes", image.bytes());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    to.println();
  }
}
