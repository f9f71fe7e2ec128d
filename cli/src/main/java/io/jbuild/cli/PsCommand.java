package io.jbuild.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jbuild.builder.engine.Engines;
import io.jbuild.cli.text.Text;
import io.jbuild.isolation.running.RunningEntry;
import io.jbuild.isolation.running.RunningSandboxes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(name = "ps", description = "List what runs: 'jbuild run', and RUN steps of builds.")
final class PsCommand extends CommandBase implements Callable<Integer> {
  private static final int WIDTH = 60;

  @Option(
      names = {"-q", "--quiet"},
      description = "Names only.")
  boolean quiet;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table (default) or json.")
  String format = "table";

  PsCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws IOException {
    if (!format.equals("table") && !format.equals("json")) {
      throw new TypeConversionException("--format is table or json, not '" + format + "'");
    }
    List<RunningEntry> running =
        RunningSandboxes.in(Engines.runtimeDirectory(global().storeDirectory())).list();
    if (quiet) {
      running.forEach(entry -> console.out().println(entry.name()));
    } else if (format.equals("json")) {
      json(running);
    } else {
      table(running);
    }
    return ExitCode.OK;
  }

  private void table(List<RunningEntry> running) {
    Table table = new Table("NAME", "PID", "SINCE", "IMAGE", "COMMAND");
    for (RunningEntry entry : running) {
      table.row(
          entry.name(),
          String.valueOf(entry.pid()),
          Instants.second(entry.since()),
          Text.printable(entry.of()),
          Text.cut(Text.printable(command(entry)), WIDTH));
    }
    table.print(console.out());
  }

  private static String command(RunningEntry entry) {
    return String.join(" ", entry.command()).replace('\n', ' ').replace('\r', ' ');
  }

  private void json(List<RunningEntry> running) throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(console.out())
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .useDefaultPrettyPrinter()) {
      out.writeStartArray();
      for (RunningEntry entry : running) {
        out.writeStartObject();
        out.writeStringField("name", entry.name());
        out.writeNumberField("pid", entry.pid());
        out.writeStringField("since", entry.since().toString());
        out.writeStringField("image", entry.of());
        out.writeArrayFieldStart("command");
        for (String word : entry.command()) {
          out.writeString(word);
        }
        out.writeEndArray();
        out.writeNumberField("owner", entry.owner());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    console.out().println();
  }
}
