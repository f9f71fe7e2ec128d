package io.jbuild.cli;

import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.engine.Engines;
import io.jbuild.isolation.ladder.Doctor;
import io.jbuild.isolation.ladder.Examination;
import io.jbuild.isolation.ladder.Surroundings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "doctor",
    description = "Try what builds need here; say what is missing and the command that mends it.",
    footer = {
      "",
      "Nothing is changed. The exit code is 0 when RUN steps can be run here, 1 when not."
    })
final class DoctorCommand extends CommandBase implements Callable<Integer> {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default) or json.")
  String format = "text";

  DoctorCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws IOException {
    if (!format.equals("text") && !format.equals("json")) {
      throw new TypeConversionException("--format is text or json, not '" + format + "'");
    }
    EngineSettings settings = global().settings();
    Examination found =
        Doctor.examine(
            Surroundings.of(settings.store(), System.getenv(), Engines.chooser(settings)));
    if (format.equals("json")) {
      DoctorJson.write(found, console.out());
    } else {
      new DoctorText(console.out()).write(found);
    }
    return found.buildsWork() ? ExitCode.OK : ExitCode.FAILED;
  }
}
