package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.Engine;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.UserException;
import io.jbuild.isolation.ladder.Rung;
import io.jbuild.isolation.ladder.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "info",
    description = "Print where the store is and on which rung of the ladder builds stand here.")
final class InfoCommand extends CommandBase implements Callable<Integer> {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default) or json.")
  String format = "text";

  InfoCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws IOException, UserException {
    if (!format.equals("text") && !format.equals("json")) {
      throw new TypeConversionException("--format is text or json, not '" + format + "'");
    }
    Standing standing = standing();
    String store = global().storeDirectory().toAbsolutePath().toString();
    if (format.equals("json")) {
      json(standing, store);
    } else {
      console.out().println(Version.line());
      console.out().println("store  " + store);
      console.out().println("rung   " + standing);
    }
    return ExitCode.OK;
  }

  private Standing standing() throws IOException, UserException {
    Path store = global().storeDirectory();
    Standing here = Standing.current();
    if (here.rung() == Rung.NONE || !Files.isDirectory(store)) {
      return here; // and no store is made by asking for it
    }
    try (Engine engine = open(new IsolationOptions().in(global().settings()), unused -> {})) {
      return engine.standing(NetworkMode.DEFAULT);
    }
  }

  private void json(Standing standing, String store) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(console.out())
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartObject();
      out.writeStringField("version", Version.number());
      out.writeStringField("java", System.getProperty("java.runtime.version"));
      out.writeStringField("kernel", System.getProperty("os.version"));
      out.writeStringField("store", store);
      StandingJson.write(standing, out, "isolation");
      out.writeEndObject();
    }
    console.out().println();
  }
}
