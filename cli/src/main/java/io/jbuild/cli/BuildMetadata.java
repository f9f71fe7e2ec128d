package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.BuildResult;
import io.jbuild.cli.text.UsageJson;
import io.jbuild.isolation.ladder.Standing;
import io.jbuild.oci.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The JSON of {@code --metadata-file}; names of the first three fields as buildx has them. */
final class BuildMetadata {
  private BuildMetadata() {}

  static byte[] json(BuildResult result, Standing standing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = new JsonFactory().createGenerator(bytes).useDefaultPrettyPrinter()) {
      out.writeStartObject();
      if (result.images().size() == 1) {
        out.writeStringField("containerimage.config.digest", result.imageId().toString());
      }
      if (result.manifest().isPresent()) {
        out.writeStringField("containerimage.digest", result.manifest().get().digest().toString());
      }
      out.writeStringField("image.name", names(result));
      StandingJson.write(standing, out, "jbuild.isolation");
      out.writeArrayFieldStart("jbuild.images");
      for (BuildResult.PlatformImage image : result.images()) {
        out.writeStartObject();
        out.writeStringField("platform", image.platform().toString());
        out.writeStringField("id", image.id().toString());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeArrayFieldStart("jbuild.steps");
      for (BuildResult.StepReport report : result.steps()) {
        out.writeStartObject();
        out.writeStringField("stage", report.step().stage());
        if (report.step().platform().isPresent()) {
          out.writeStringField("platform", report.step().platform().get());
        }
        out.writeStringField("title", report.step().title());
        out.writeBooleanField("cached", report.cached());
        out.writeNumberField("ms", report.took().toMillis());
        if (report.usage().isPresent()) {
          UsageJson.write(report.usage().get(), out);
        }
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static String names(BuildResult result) {
    return String.join(
        ",", result.names().stream().map(Reference::toString).toArray(String[]::new));
  }
}
