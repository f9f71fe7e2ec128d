package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.InspectedImage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Print what is known of an image as JSON.")
final class InspectCommand extends CommandBase implements Callable<Integer> {
  @Parameters(paramLabel = "IMAGE", description = "Name or ID of an image.")
  String image = "";

  @Option(names = "--raw", description = "Print the configuration exactly as it is stored.")
  boolean raw;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Of the platforms under a name, this one (default: this machine's).")
  @Nullable String platform;

  InspectCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    InspectedImage inspected;
    try (Engine engine = open(global().settings())) {
      inspected = engine.images().inspect(image, PlatformOption.optional(platform));
    }
    if (raw) {
      console.out().write(inspected.configBytes());
    } else {
      InspectJson.write(inspected, console.out());
    }
    return ExitCode.OK;
  }
}
